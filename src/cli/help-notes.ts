/** The words below the options of `--help`: prose is wrapped to the terminal, examples stay lines of their own. */

import type { Command } from 'commander';

/** Lines longer than this are hard to read, however wide the terminal is. */
const MOST_COLUMNS = 100;
const USUAL_COLUMNS = 80;
/** Less is left for what an example means when the example itself takes the line. */
const LEAST_COLUMNS = 20;

/** For `addHelpText`. Lines that begin with spaces are examples or rows of two columns; all others are prose. */
export function notes(text: string): (context: { readonly command: Command }) => string {
  return ({ command }) => {
    const columns = command.configureOutput().getOutHelpWidth?.() ?? USUAL_COLUMNS;
    return `\n${wrapNotes(text, Math.min(columns, MOST_COLUMNS))}`;
  };
}

export function wrapNotes(text: string, columns: number): string {
  return paragraphsOf(text)
    .flatMap((line) => (line.startsWith(' ') ? wrapRow(line, columns) : wrapWords(line, columns)))
    .join('\n');
}

/** Lines of prose that follow each other are one; blank lines stay. */
export function paragraphsOf(text: string): string[] {
  const lines: string[] = [];
  let isProse = false;
  for (const line of text.replace(/^\n+|\s+$/g, '').split('\n')) {
    const continues = isProse && line !== '' && !line.startsWith(' ');
    if (continues) lines.push(`${lines.pop()} ${line}`);
    else lines.push(line);
    isProse = line !== '' && !line.startsWith(' ');
  }
  return lines;
}

/** `  example   meaning`: the meaning goes on below itself. */
function wrapRow(line: string, columns: number): string[] {
  const [, example = line, meaning = ''] = /^( *\S.*?\S {2,})(\S.*)$/.exec(line) ?? [];
  const left = columns - example.length;
  if (line.length <= columns || meaning === '' || left < LEAST_COLUMNS) return [line];
  return wrapWords(meaning, left).map((part, i) => (i === 0 ? example : ' '.repeat(example.length)) + part);
}

function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
