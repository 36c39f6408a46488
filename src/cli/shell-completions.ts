/** Scripts that let shells complete the commands, options and values of the program. */

import { allCommands, type CommandOutline, namesOf, type OptionOutline } from './command-outline.ts';

const WRITERS = { bash: completeBash, zsh: completeZsh, fish: completeFish } as const;

export type Shell = keyof typeof WRITERS;
export const SHELLS = Object.keys(WRITERS) as readonly Shell[];

export function writeCompletions(shell: Shell, program: CommandOutline): string {
  return `${WRITERS[shell](program).join('\n')}\n`;
}

/** What is neither a command nor an option is a file: most arguments are captures. */
function completeBash(program: CommandOutline): string[] {
  const commands = allCommands(program);
  const steps = commands.slice(1).map(({ path }) => `      ${quote(path)}) command=${quote(path)} ;;`);
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap((option) => (option.values === null ? [] : [bashValues(path, option, option.values)])),
  );
  const words = commands.map(
    ({ path, options, commands: below }) =>
      `    ${quote(path)}) options=${quote(options.flatMap(namesOf).join(' '))}; commands=${quote(below.map(({ name }) => name).join(' '))} ;;`,
  );
  return [
    '# bash completion for mediatap: source <(mediatap completion bash)',
    '_mediatap() {',
    `  local word current=\${COMP_WORDS[COMP_CWORD]} command=${program.name} options='' commands=''`,
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case "$command $word" in',
    ...steps,
    '    esac',
    '  done',
    `  case "$command \${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...values,
    '  esac',
    '  case "$command" in',
    ...words,
    '  esac',
    '  if [[ $current == -* ]]; then',
    '    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")',
    '  else',
    '    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current"; compgen -f -- "$current")',
    '  fi',
    '}',
    'complete -o filenames -F _mediatap mediatap',
  ];
}

function bashValues(path: string, option: OptionOutline, values: readonly string[]): string {
  const patterns = namesOf(option).map((name) => quote(`${path} ${name}`));
  const source = values.length === 0 ? 'compgen -f' : `compgen -W ${quote(values.join(' '))}`;
  return `    ${patterns.join('|')}) mapfile -t COMPREPLY < <(${source} -- "$current"); return ;;`;
}

function completeZsh(program: CommandOutline): string[] {
  return [
    '#compdef mediatap',
    '# zsh completion for mediatap: save as _mediatap in a folder of $fpath',
    ...allCommands(program).flatMap(zshFunction),
    // Loaded as a function it is asked at once; sourced, it is only made known.
    `if [[ $funcstack[1] == ${zshName(program)} ]]; then ${zshName(program)} "$@"; else compdef ${zshName(program)} mediatap; fi`,
  ];
}

/** One function for each command; words before the command's own are gone when it is called. */
function zshFunction(command: CommandOutline): string[] {
  const options = command.options.flatMap((option) =>
    namesOf(option).map((name) => `    ${zshOption(name, option)} \\`),
  );
  if (command.commands.length === 0) {
    return [`${zshName(command)}() {`, '  _arguments -s \\', ...options, "    '*:file:_files'", '}'];
  }
  const entries = command.commands.map(
    ({ name, description }) => `      ${quote(`${name}:${firstLine(description)}`)}`,
  );
  return [
    `${zshName(command)}() {`,
    '  local state',
    '  local -a commands',
    '  _arguments -s -C \\',
    ...options,
    "    '1: :->first' '*:: :->rest'",
    '  case $state in',
    '    first)',
    '      commands=(',
    ...entries,
    '      )',
    '      _describe command commands',
    '      _files ;;',
    '    rest)',
    '      case $words[1] in',
    ...command.commands.map((each) => `        ${each.name}) ${zshName(each)} ;;`),
    '        *) _files ;;',
    '      esac ;;',
    '  esac',
    '}',
  ];
}

function zshName({ path }: CommandOutline): string {
  return `_${path.replaceAll(' ', '_')}`;
}

function zshOption(name: string, { description, values }: OptionOutline): string {
  const words = firstLine(description).replace(/[[\]:\\]/g, '\\$&');
  const value = values === null ? '' : values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
  return quote(`${name}[${words}]${value}`);
}

function completeFish(program: CommandOutline): string[] {
  const names = program.commands.map(({ name }) => name).join(' ');
  return [
    '# fish completion for mediatap: mediatap completion fish | source',
    ...allCommands(program).flatMap((command) => {
      const [, ...path] = command.path.split(' ');
      const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
      const inside = seen.length === 0 ? [`not __fish_seen_subcommand_from ${names}`] : seen;
      const when = `complete -c mediatap -n ${quote(inside.join('; and '))}`;
      return [
        ...command.commands.map(({ name, description }) => `${when} -a ${name} -d ${quote(firstLine(description))}`),
        ...command.options.map((option) => `${when}${fishOption(option)}`),
      ];
    }),
  ];
}

function fishOption({ short, long, description, values }: OptionOutline): string {
  const value = values === null ? '' : values.length === 0 ? ' -r' : ` -x -a ${quote(values.join(' '))}`;
  return `${short === null ? '' : ` -s ${short.slice(1)}`}${long === null ? '' : ` -l ${long.slice(2)}`}${value} -d ${quote(firstLine(description))}`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** For all three shells: nothing within is special, and a quote in it is put in by itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
