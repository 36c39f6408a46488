/** Which medium of a description a SETUP is for, by its control URL (RFC 2326 section C.1.1). */

import type { SdpMedia } from '../sdp/parse-sdp.ts';

/** The same URL in all its spellings: scheme and host in lower case, without the usual port and a last slash. */
export function controlKey(url: string): string {
  const parts = /^(rtsp[ustp]?):\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!parts) return url.replace(/\/$/, '');
  const host = (parts[2] ?? '').toLowerCase().replace(/:554$/, '').replace(/^.*@/, '');
  return `${host}${(parts[3] ?? '').replace(/\/$/, '')}`;
}

/**
 * A relative control stands at the end of the SETUP's URL whatever base the client joined it to: Content-Base,
 * Content-Location or the URL of DESCRIBE. An absolute one may name another host than the client uses (NAT), so then the path decides.
 */
export function findMedia(url: string, media: readonly SdpMedia[]): SdpMedia | null {
  const key = controlKey(url);
  const [only] = media;
  return (
    media.find((one) => isAbsolute(one.control) && controlKey(one.control) === key) ??
    media.find((one) => isAbsolute(one.control) && pathOf(controlKey(one.control)) === pathOf(key)) ??
    media.find((one) => isRelative(one.control) && endsWithControl(key, one.control)) ??
    (media.length === 1 && only ? only : null)
  );
}

function isAbsolute(control: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(control);
}

function isRelative(control: string): boolean {
  return control !== '' && control !== '*' && !isAbsolute(control);
}

function pathOf(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? '' : key.slice(slash);
}

function endsWithControl(key: string, control: string): boolean {
  return key.endsWith(`/${control.replace(/^\/|\/$/g, '')}`);
}
