/** The pairs of candidates that two ends offer each other (ICE, RFC 8445 section 6.1.2; in SDP: RFC 8839): paths that media may take. */

import { parseAddress } from '../../format/address.ts';
import type { AnnouncedEndpoint } from '../control-record.ts';
import type { SdpMedia } from '../sdp/parse-sdp.ts';

export const COMPONENT = { rtp: 1, rtcp: 2 } as const;

/** Of one component; ends with more addresses are rare. */
const MOST_PAIRS = 32;

/** Over UDP and of one family of addresses; a name that hides an address (RFC 8839 section 5.1) makes no pair. */
export function pairCandidates(
  offered: SdpMedia,
  answered: SdpMedia,
  component: number,
): (readonly [AnnouncedEndpoint, AnnouncedEndpoint])[] {
  const far = endsOf(answered, component);
  const pairs = endsOf(offered, component).flatMap((near) =>
    far.filter((other) => isIpv6(near) === isIpv6(other)).map((other) => [near, other] as const),
  );
  return pairs.slice(0, MOST_PAIRS);
}

function endsOf(media: SdpMedia, component: number): AnnouncedEndpoint[] {
  const ends = media.candidates
    .filter((one) => one.component === component && one.transport === 'udp' && one.port > 0)
    .filter(({ address }) => parseAddress(address) !== null)
    .map(({ address, port }) => ({ address, port }));
  // A reflexive candidate may be the host's own.
  return ends.filter((one, i) => ends.findIndex((other) => isSame(one, other)) === i);
}

function isSame(one: AnnouncedEndpoint, other: AnnouncedEndpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

function isIpv6({ address }: AnnouncedEndpoint): boolean {
  return address?.includes(':') === true;
}
