/** Makes text from packets safe to show. */

/**
 * Control characters (C0, C1, DEL), line breaks, direction marks and other characters that change how a terminal or a page
 * shows what follows. Zero-width joiners are left out on purpose: scripts need them.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/** Text that may be printed anywhere: each unsafe character becomes `\xNN` or `\u{NNNN}`; cut to `limit` characters. */
export function printable(text: string, limit = 1024): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(UNSAFE, escapeCharacter).replace(LONE_SURROGATE, '\ufffd');
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
