/** Windows Media station files (.nsc): where a multicast is, and where it can be had by unicast (MS-MSB section 2.2.1). */

export interface NscFile {
  /** The server's name and that of its publishing point. */
  readonly name: string;
  /** Address that the server sends from, empty when the file does not tell. */
  readonly source: string;
  /** Group address, empty when the file does not tell. */
  readonly address: string;
  /** UDP port, null when the file does not tell. */
  readonly port: number | null;
  readonly ttl: number | null;
  /** Where players go when the multicast does not reach them, empty when nowhere. */
  readonly unicastUrl: string;
  readonly logUrl: string;
  /** Descriptions of the formats, in order. */
  readonly formats: readonly string[];
}

const MOST_LINES = 2000;
const MOST_FORMATS = 64;
const MOST_ENCODED_LENGTH = 16 * 1024;
/** Two digits that say how a text is encoded: pairs of hexadecimal digits, or six bits to a character. */
const HEXADECIMAL = '01';
const SIX_BITS = '02';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz{}';
/** Check byte and key, which players ignore, and the length of the text. */
const PREFIX_BYTES = 9;

/** Null when `text` is no station file. Texts come from the file: not safe to print. */
export function parseNsc(text: string): NscFile | null {
  const values = new Map<string, string>();
  const formats: string[] = [];
  let hasAddress = false;
  for (const line of text.split(/\r?\n/, MOST_LINES)) {
    if (line.trim().toLowerCase() === '[address]') hasAddress = true;
    const equals = line.indexOf('=');
    if (!hasAddress || equals < 0) continue;
    const key = line.slice(0, equals).trim().toLowerCase();
    const value = line.slice(equals + 1).trim();
    if (/^description\d+$/.test(key)) {
      if (formats.length < MOST_FORMATS) formats.push(decodeText(value));
    } else if (!values.has(key)) {
      values.set(key, value);
    }
  }
  if (!values.has('ip address') && !values.has('nsc format version')) return null;
  const textOf = (key: string): string => decodeText(values.get(key) ?? '');
  return {
    name: textOf('name'),
    source: textOf('multicast adapter'),
    address: textOf('ip address'),
    port: parseNumber(values.get('ip port'), 0xffff),
    ttl: parseNumber(values.get('time to live'), 0xff),
    unicastUrl: textOf('unicast url'),
    logUrl: textOf('log url'),
    formats,
  };
}

/** Plain where it is plain, decoded where it begins with the digits of an encoding and decodes. */
function decodeText(value: string): string {
  if (value.length > MOST_ENCODED_LENGTH) return '';
  const encoding = value.slice(0, 2);
  const bytes =
    encoding === HEXADECIMAL ? Buffer.from(value.slice(2), 'hex') : encoding === SIX_BITS ? decodeSixBits(value) : null;
  if (bytes === null || bytes.length < PREFIX_BYTES) return value;
  const length = bytes.readUInt32BE(PREFIX_BYTES - 4);
  if (length > bytes.length - PREFIX_BYTES) return value;
  return bytes
    .subarray(PREFIX_BYTES, PREFIX_BYTES + length)
    .toString('utf16le')
    .replace(/\0.*$/s, '');
}

/** Four characters hold three bytes, highest bits first; null when a character is not of the alphabet. */
function decodeSixBits(value: string): Buffer | null {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of value.slice(2)) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    bits = ((bits << 6) | digit) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Buffer.from(bytes);
}

/** Written as 0x and hexadecimal digits, or in decimal; null when it is neither or too large. */
function parseNumber(text: string | undefined, most: number): number | null {
  if (text === undefined || !/^(0x[0-9a-f]{1,8}|\d{1,9})$/i.test(text)) return null;
  const value = Number(text);
  return value <= most ? value : null;
}
