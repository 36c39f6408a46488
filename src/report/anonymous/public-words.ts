/**
 * Words of protocols, which are the same for everybody: methods, transports, status codes, codecs. Of what packets say,
 * an anonymised report shows these and no others, so that a word that nobody thought of stays a secret.
 */

const METHODS =
  'ACK ANNOUNCE BYE CANCEL CONNECT DELETE DESCRIBE GET GET_PARAMETER HEAD INFO INVITE MESSAGE NOTIFY OPTIONS PAUSE PLAY POST PRACK PUT RECORD REDIRECT REFER REGISTER SETUP SET_PARAMETER SOURCE SUBSCRIBE TEARDOWN UPDATE';
const TRANSPORTS = 'AVP AVPF RAW RDT RTP SAVP SAVPF SRTP TCP UDP append multicast play record unicast';
const CODECS =
  '3GPP AAC AC3 AMR AMR-WB AV1 CN DV EAC3 G711 G722 G7221 G723 G726 G726-16 G726-24 G726-32 G726-40 G728 G729 G729D G729E GSM GSM-EFR H261 H262 H263 H263-1998 H263-2000 H264 H264-SVC H265 HEVC JPEG JPEG2000 L16 L24 L8 LPC MP1S MP2P MP2T MP4A-LATM MP4V-ES MPA MPA-ROBUST MPEG4-GENERIC MPV MP3 OPUS PCMA PCMU PCM QCELP RED SILK SPEEX SIREN T140 THEORA TELEPHONE-EVENT ULPFEC VC1 VC2 VDVI VORBIS VP8 VP9 WMA WMV X-ASF-PF X-ASF-FEC X-PN-REALAUDIO X-PN-REALVIDEO X-WMS-RTX RTX VND.ONVIF.METADATA';
const EVENTS =
  'ConnectFunnel ICMP RST SYN SYN-ACK FIN TTL answer audio codec connect connection closed createStream deleteStream disconnect first from handshake hello client server last media multicast packets play publish RTCP sent seek stream TCP type UDP video window without again onStatus releaseStream FCPublish FCUnpublish getStreamLength _result _error';

const WORDS: ReadonlySet<string> = new Set(
  [METHODS, TRANSPORTS, CODECS, EVENTS].flatMap((list) => list.split(' ')).map((word) => word.toLowerCase()),
);

/** Of the Transport header (RFC 2326 section 12.39), where their values are numbers. */
const NUMBERED = /^(client_port|server_port|port|ttl|interleaved|layers)=\d{1,5}(-\d{1,5})?$/;
const MODE = /^mode="?(play|record)"?$/i;
/** Ports, status codes, counts, ranges, rates, spans; results of Windows; status of RTMP. */
const NUMBER = /^(\d{1,5}(\.\d{1,6})?(-\d{1,5})?[sk%]?|0x[0-9a-f]{1,8})$/i;
const RTMP_STATUS =
  /^Net(Connection|Stream)\.(Connect|Play|Publish|Record|Seek|Pause|Unpublish|Call)\.[A-Z][a-z]{2,9}$/;
const PROTOCOL_VERSION = /^(RTSP|SIP|HTTP)\/[12]\.[01]$/;

/** Of one word, without the punctuation around it. */
export function isPublicWord(word: string): boolean {
  if (NUMBER.test(word) || NUMBERED.test(word) || MODE.test(word)) return true;
  if (RTMP_STATUS.test(word) || PROTOCOL_VERSION.test(word)) return true;
  return word.split('/').every((part) => WORDS.has(part.toLowerCase()));
}
