/** Makes text plain in GitHub Flavored Markdown, inside a paragraph, a list item or a table cell. */

const MARKUP = /[\\`*_{}[\]<>#|~&!$]/g;
const LIST_START = /^(\s*)([-+]|\d+[.)])(?=\s|$)/;
/** Addresses and mentions that GitHub and GitLab would turn into links or call people with. */
const AUTOLINK = /(:)(?=\/\/)|(\bwww)(?=\.)|@/gi;

export function escapeMarkdown(text: string): string {
  return text
    .replace(MARKUP, '\\$&')
    .replace(LIST_START, (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replace(AUTOLINK, (found) => (found === '@' ? '&#64;' : found === ':' ? '&#58;' : `${found}&#8203;`));
}
