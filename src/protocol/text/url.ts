/** URLs as requests carry them. */

/** Reports travel far, so a password in a URL (RFC 3986 section 3.2.1) does not. */
export function hidePassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/:@]*):[^/@]*@/i, '$1:***@');
}
