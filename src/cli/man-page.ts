/** The manual page in roff, man(7): name, synopsis, arguments, options and the words that `--help` ends with, for each command. */

import type { Command } from 'commander';
import { type CommandOutline, outlineOf } from './command-outline.ts';
import { paragraphsOf } from './help-notes.ts';

export function writeManPage(program: Command, version: string): string {
  const outline = outlineOf(program);
  const lines = [
    `.TH ${outline.name.toUpperCase()} 1 "" "${outline.name} ${escapeRoff(version)}" "User Commands"`,
    '.SH NAME',
    `${outline.name} \\- says which media streams in a packet capture work, which are blocked, and why`,
    '.SH SYNOPSIS',
    `.B ${outline.name}`,
    escapeRoff(program.usage()),
    '.SH DESCRIPTION',
    textLines(outline.description),
    '.SH OPTIONS',
    ...optionLines(outline),
    ...noteLines(program),
    '.SH COMMANDS',
    ...program
      .createHelp()
      .visibleCommands(program)
      .flatMap((command) => commandLines(command, `${outline.name} `)),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(command: Command, parents: string): string[] {
  const help = command.createHelp();
  const outline = outlineOf(command, parents);
  return [
    `.SS "${escapeRoff(`${outline.path} ${command.usage()}`)}"`,
    textLines(outline.description),
    ...optionLines(outline),
    ...noteLines(command),
    ...help.visibleCommands(command).flatMap((below) => commandLines(below, `${outline.path} `)),
  ];
}

function optionLines(outline: CommandOutline): string[] {
  const items = [
    ...outline.arguments.map(({ name, details }) => [name, details] as const),
    ...outline.options.map(({ flags, details }) => [flags, details] as const),
  ];
  return items.flatMap(([name, details]) => ['.TP', `.B ${escapeRoff(name)}`, textLines(details)]);
}

/** Prose is filled anew; examples and rows stand as they are, since columns are part of what they say. */
function noteLines(command: Command): string[] {
  const lines: string[] = [];
  let isFilled = true;
  for (const line of paragraphsOf(textAfterHelp(command))) {
    const isRow = line.startsWith(' ');
    if (isRow === isFilled) lines.push(isRow ? '.nf' : '.fi');
    isFilled = !isRow;
    lines.push(line === '' ? '.PP' : textLines(line));
  }
  if (lines.length > 0) lines.unshift('.PP');
  if (!isFilled) lines.push('.fi');
  return lines;
}

function textAfterHelp(command: Command): string {
  const { writeOut } = command.configureOutput();
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  if (writeOut !== undefined) command.configureOutput({ writeOut });
  return help.slice(command.helpInformation().length);
}

/** No line of text may begin as a request does. */
function textLines(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeRoff(line).replace(/^(?=[.'])/, '\\&'))
    .join('\n');
}

function escapeRoff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq');
}
