/** Shortens text for reports, so that what remains can still be read. */

const ELLIPSIS = '…';
/** A cut inside of the last word would make another word of it; a word longer than this is cut all the same. */
const LONGEST_WORD = 40;

/** At most `limit` characters. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  const space = cut.lastIndexOf(' ');
  return `${space > cut.length - LONGEST_WORD && space > 0 ? cut.slice(0, space) : cut}${ELLIPSIS}`;
}

/** As many whole sentences as fit; where not even the first one does, its beginning. */
export function clipSentences(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.slice(0, limit + 1).lastIndexOf('. ');
  return end < 0 ? clip(text, limit) : text.slice(0, end + 1);
}
