/** The commands and their options as data, from the same definitions as `--help`, for completions and the manual. */

import type { Argument, Command, Help, Option } from 'commander';

export interface CommandOutline {
  /** Names from the program on: `mediatap policy rules`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentOutline[];
  readonly options: readonly OptionOutline[];
  readonly commands: readonly CommandOutline[];
}

export interface ArgumentOutline {
  readonly name: string;
  /** With the values it takes, as help shows it. */
  readonly details: string;
  /** What it may be, empty where it may be anything. */
  readonly values: readonly string[];
  /** Whether it names a file or folder. */
  readonly isFile: boolean;
}

export interface OptionOutline {
  /** As help shows it: `-f, --format <format>`. */
  readonly flags: string;
  /** With its dashes; null where there is none. */
  readonly short: string | null;
  readonly long: string | null;
  readonly description: string;
  /** The description with values and default, as help shows it. */
  readonly details: string;
  /** Of an option that takes a value: what it may be, empty where it may be anything. Null without a value. */
  readonly values: readonly string[] | null;
  /** Whether its value names a file or folder. */
  readonly isFile: boolean;
}

export function outlineOf(command: Command, parents = ''): CommandOutline {
  const path = `${parents}${command.name()}`;
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const names = below.map((each) => each.name());
  return {
    path,
    name: command.name(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => outlineOfArgument(argument, help)),
    options: help.visibleOptions(command).map((option) => outlineOfOption(option, help)),
    commands: below.map((each) => withNames(outlineOf(each, `${path} `), names)),
  };
}

/** What the command `help` takes are those beside it, which its definition does not say. */
function withNames(outline: CommandOutline, values: readonly string[]): CommandOutline {
  if (outline.name !== 'help') return outline;
  return { ...outline, arguments: outline.arguments.map((argument) => ({ ...argument, values })) };
}

const FILES = /^(captures|inside|outside|files?|folder|report)$/;

function outlineOfArgument(argument: Argument, help: Help): ArgumentOutline {
  const name = argument.name();
  return {
    name,
    details: help.argumentDescription(argument),
    values: argument.argChoices ?? [],
    isFile: FILES.test(name),
  };
}

function outlineOfOption(option: Option, help: Help): OptionOutline {
  const takesValue = option.required || option.optional;
  return {
    flags: option.flags,
    short: option.short ?? null,
    long: option.long ?? null,
    description: option.description,
    details: help.optionDescription(option),
    values: takesValue ? (option.argChoices ?? []) : null,
    isFile: FILES.test(/<(\w+)/.exec(option.flags)?.[1] ?? ''),
  };
}

/** It and all below it. */
export function allCommands(outline: CommandOutline): CommandOutline[] {
  return [outline, ...outline.commands.flatMap(allCommands)];
}

export function namesOf({ short, long }: OptionOutline): string[] {
  return [short, long].filter((name) => name !== null);
}
