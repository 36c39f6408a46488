/** What a described medium is, as far as its description tells. */

import type { SdpMedia } from './parse-sdp.ts';

/** Retransmission, FEC, redundancy and events: silent as long as nothing is lost or pressed. */
const AUXILIARY =
  /^(rtx|x-wms-rtx|ulpfec|flexfec(-03)?|parityfec|raptorfec|1d-interleaved-parityfec|red|telephone-event|cn)$/i;

/** True where silence is normal: metadata, subtitles and streams that only help another one. */
export function isUsuallySilent(media: SdpMedia): boolean {
  if (media.media !== 'audio' && media.media !== 'video') return true;
  const [first] = media.formats;
  return first !== undefined && AUXILIARY.test(first.encoding);
}

/** Protocol id of what flows, null for what mediatap does not follow (data channels, chat, images). */
export function protocolOfMedia(media: SdpMedia): 'rtp' | 'mpegts' | null {
  if (/\bRTP\//i.test(media.protocol)) return 'rtp';
  if (/^(udp|RAW\/RAW|MP2T)/i.test(media.protocol) && (media.media === 'video' || media.media === 'audio'))
    return 'mpegts';
  return null;
}
