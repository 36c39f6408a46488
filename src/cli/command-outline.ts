/** The commands and their options as data, from the same definitions as `--help`, for completions and the manual. */

import type { Command, Option } from 'commander';

export interface CommandOutline {
  /** Names from the program on: `mediatap policy rules`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionOutline[];
  readonly commands: readonly CommandOutline[];
}

export interface OptionOutline {
  /** As help shows it: `-f, --format <format>`. */
  readonly flags: string;
  /** With its dashes; null where there is none. */
  readonly short: string | null;
  readonly long: string | null;
  readonly description: string;
  /** Of an option that takes a value: what it may be, empty where it may be anything. Null without a value. */
  readonly values: readonly string[] | null;
}

export function outlineOf(command: Command, parents = ''): CommandOutline {
  const path = `${parents}${command.name()}`;
  const help = command.createHelp();
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(outlineOfOption),
    commands: help.visibleCommands(command).map((each) => outlineOf(each, `${path} `)),
  };
}

function outlineOfOption(option: Option): OptionOutline {
  const takesValue = option.required || option.optional;
  return {
    flags: option.flags,
    short: option.short ?? null,
    long: option.long ?? null,
    description: option.description,
    values: takesValue ? (option.argChoices ?? []) : null,
  };
}

/** It and all below it. */
export function allCommands(outline: CommandOutline): CommandOutline[] {
  return [outline, ...outline.commands.flatMap(allCommands)];
}

export function namesOf({ short, long }: OptionOutline): string[] {
  return [short, long].filter((name) => name !== null);
}
