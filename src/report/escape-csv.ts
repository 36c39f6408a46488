/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */

/** Text that a spreadsheet would take for a formula; in Japanese also with wide signs. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** Where commas are decimal signs, a semicolon begins a cell. */
const CELL_BEHIND_SEMICOLON = /;(?=\s*[=+\-@])/g;

export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(csvValue).join(',')}\r\n`;
}

function csvValue(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return `${value}`;
  const plain = (FORMULA.test(value) ? `'${value}` : value).replace(CELL_BEHIND_SEMICOLON, ";'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
