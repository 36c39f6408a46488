/** Makes text plain in GitHub Flavored Markdown, inside a paragraph, a list item or a table cell. */

const MARKUP = /[\\`*_{}[\]<>#|~&!$]/g;
const LIST_START = /^(\s*)([-+]|\d+[.)])(?=\s|$)/;
/** What GitHub and GitLab make links of, or call people with, even where its punctuation is escaped: only code they leave alone. */
const REFERENCE = /:\/\/|@|\bwww\.|#\d/i;
/** A word without what would end code or a cell, and the punctuation around it. */
const AS_CODE = /^([("']*)([^`|\\]+?)([.,;:!?)"']*)$/;
const ZERO_WIDTH_SPACE = '&#8203;';

export function escapeMarkdown(text: string): string {
  return text
    .replace(/\S+/g, escapeWord)
    .replace(LIST_START, (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}

function escapeWord(word: string): string {
  if (!REFERENCE.test(word)) return escapeMarkup(word);
  const [, before, code, behind] = AS_CODE.exec(word) ?? [];
  if (code !== undefined) return `${escapeMarkup(before ?? '')}\`${code}\`${escapeMarkup(behind ?? '')}`;
  return escapeMarkup(word).replace(/:(?=\/\/)|@|\bwww(?=\.)|#(?=\d)/gi, `$&${ZERO_WIDTH_SPACE}`);
}

function escapeMarkup(text: string): string {
  return text.replace(MARKUP, '\\$&');
}
