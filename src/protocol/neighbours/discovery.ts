/** Protocols by which devices find each other: SSDP (UPnP Device Architecture 2.0 section 1), WS-Discovery, Dropbox on the LAN. */

import { indexOfAscii, startsWithAscii } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const SSDP_HEADERS = ['\nST:', '\nUSN:', '\nSt:', '\nUsn:'];
const SSDP_REQUESTS = ['M-SEARCH * HTTP/1.', 'NOTIFY * HTTP/1.'];
const SSDP_ANSWER = 'HTTP/1.';

/** Answers are those of HTTP with a header of SSDP's own. */
function recognizeSsdp(bytes: Uint8Array, start: number, end: number): Recognition {
  if (matchOpening(bytes, start, end, SSDP_REQUESTS) === 'yes') return 'yes';
  if (!startsWithAscii(bytes, start, end, SSDP_ANSWER)) return 'no';
  const hasOwnHeader = SSDP_HEADERS.some((name) => indexOfAscii(bytes, start, end, name) > 0);
  return hasOwnHeader ? 'yes' : 'no';
}

const ENVELOPES = ['<?xml', '<soap', '<SOAP', '<s:Env', '<Env'];
const WS_DISCOVERY_NAMESPACES = ['schemas.xmlsoap.org/ws/2005/04/discovery', 'docs.oasis-open.org/ws-dd/ns/discovery'];

function recognizeWsDiscovery(bytes: Uint8Array, start: number, end: number): Recognition {
  const opening = matchOpening(bytes, start, end, ENVELOPES);
  if (opening !== 'yes') return 'no';
  return WS_DISCOVERY_NAMESPACES.some((name) => indexOfAscii(bytes, start, end, name) > 0) ? 'yes' : 'no';
}

const DROPBOX_OPENINGS = ['{"host_int": ', '{"version": ['];

/** JSON that begins with one of its keys. */
function recognizeDropbox(bytes: Uint8Array, start: number, end: number): Recognition {
  const isJson = matchOpening(bytes, start, end, DROPBOX_OPENINGS) === 'yes';
  return isJson && indexOfAscii(bytes, start, end, '"namespaces": ') > 0 ? 'yes' : 'no';
}

export const ssdp = nameProtocol('ssdp', 'SSDP', ['udp'], recognizeSsdp, {
  firstBytes: { udp: firstBytesOf([...SSDP_REQUESTS, SSDP_ANSWER]) },
});
export const wsDiscovery = nameProtocol('ws-discovery', 'WS-Discovery', ['udp'], recognizeWsDiscovery, {
  firstBytes: { udp: firstBytesOf(ENVELOPES) },
});
export const dropbox = nameProtocol('dropbox-lan', 'Dropbox LAN sync', ['udp'], recognizeDropbox, {
  firstBytes: { udp: firstBytesOf(DROPBOX_OPENINGS) },
});
