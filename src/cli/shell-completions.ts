/** Scripts that let shells complete the commands, options and values of the program. */

import { allCommands, type CommandOutline, namesOf, type OptionOutline } from './command-outline.ts';

const WRITERS = { bash: completeBash, zsh: completeZsh, fish: completeFish } as const;

export type Shell = keyof typeof WRITERS;
export const SHELLS = Object.keys(WRITERS) as readonly Shell[];

export function writeCompletions(shell: Shell, program: CommandOutline): string {
  return `${WRITERS[shell](program).join('\n')}\n`;
}

function completeBash(program: CommandOutline): string[] {
  const commands = allCommands(program);
  const steps = commands.slice(1).map(({ path }) => `      ${quote(path)}) command=${quote(path)} ;;`);
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap((option) => (option.values === null ? [] : [bashValues(path, option, option.values)])),
  );
  const words = commands.map(
    (command) =>
      `    ${quote(command.path)}) options=${quote(command.options.flatMap(namesOf).join(' '))}; words=${quote(wordsOf(command).join(' '))}; files=${takesFiles(command) ? '-f' : ''} ;;`,
  );
  return [
    '# bash completion for mediatap: source <(mediatap completion bash)',
    '_mediatap() {',
    `  local word current=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]} command=${program.name} options='' words='' files=''`,
    // Readline breaks words at `=`.
    `  if [[ $current == = ]]; then current=; elif [[ $last == = ]]; then last=\${COMP_WORDS[COMP_CWORD-2]}; fi`,
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case "$command $word" in',
    ...steps,
    '    esac',
    '  done',
    '  case "$command $last" in',
    ...values,
    '  esac',
    '  case "$command" in',
    ...words,
    '  esac',
    '  if [[ $current == -* ]]; then',
    '    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")',
    '  else',
    `    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ -z $files ]] || compgen $files -- "$current")`,
    '  fi',
    '}',
    'complete -o filenames -F _mediatap mediatap',
  ];
}

function bashValues(path: string, option: OptionOutline, values: readonly string[]): string {
  const patterns = namesOf(option).map((name) => quote(`${path} ${name}`));
  const source = option.isFile ? 'compgen -f' : `compgen -W ${quote(values.join(' '))}`;
  return `    ${patterns.join('|')}) mapfile -t COMPREPLY < <(${source} -- "$current"); return ;;`;
}

/** What may stand there besides options and files: commands, and values of an argument. */
function wordsOf({ commands, arguments: all }: CommandOutline): string[] {
  return [...commands.map(({ name }) => name), ...all.flatMap(({ values }) => values)];
}

function takesFiles({ arguments: all }: CommandOutline): boolean {
  return all.some(({ isFile }) => isFile);
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
  const files = takesFiles(command) ? ['_files'] : [];
  const plain = ['  _arguments -s \\', ...options, `    ${quote(`*:word:${zshWords(command)}`)}`];
  if (command.commands.length === 0) return [`${zshName(command)}() {`, ...plain, '}'];
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
    ...files.map((each) => `      ${each}`),
    '      ;;',
    '    rest)',
    '      case $words[1] in',
    ...command.commands.map((each) => `        ${each.name}) ${zshName(each)} ;;`),
    '        *)',
    ...plain,
    '        ;;',
    '      esac ;;',
    '  esac',
    '}',
  ];
}

function zshName({ path }: CommandOutline): string {
  return `_${path.replaceAll(' ', '_')}`;
}

/** What completes words that are no options; a lone space completes nothing. */
function zshWords(command: CommandOutline): string {
  if (takesFiles(command)) return '_files';
  const words = command.arguments.flatMap(({ values }) => values);
  return words.length === 0 ? ' ' : `(${words.join(' ')})`;
}

/** A value of a long option may be joined to it by `=`. */
function zshOption(name: string, { description, values, isFile }: OptionOutline): string {
  const words = firstLine(description).replace(/[[\]:\\]/g, '\\$&');
  if (values === null) return quote(`${name}[${words}]`);
  const source = isFile ? '_files' : values.length === 0 ? ' ' : `(${values.join(' ')})`;
  return quote(`${name}${name.startsWith('--') ? '=' : ''}[${words}]:value:${source}`);
}

function completeFish(program: CommandOutline): string[] {
  return [
    '# fish completion for mediatap: mediatap completion fish | source',
    ...allCommands(program).flatMap((command) => {
      const [, ...path] = command.path.split(' ');
      const below = command.commands.map(({ name }) => name).join(' ');
      const inside = [
        ...path.map((name) => `__fish_seen_subcommand_from ${name}`),
        ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`]),
      ];
      const when = `complete -c mediatap -n ${quote(inside.join('; and '))}`;
      const words = command.arguments.flatMap(({ values }) => values);
      return [
        ...(takesFiles(command) ? [] : [`${when} -f`]),
        ...(words.length === 0 ? [] : [`${when} -a ${quote(words.join(' '))}`]),
        ...command.commands.map(({ name, description }) => `${when} -a ${name} -d ${quote(firstLine(description))}`),
        ...command.options.map((option) => `${when}${fishOption(option)}`),
      ];
    }),
  ];
}

function fishOption({ short, long, description, values, isFile }: OptionOutline): string {
  const words = values === null ? '' : isFile ? ' -r -F' : ` -x -a ${quote(values.join(' '))}`;
  return `${short === null ? '' : ` -s ${short.slice(1)}`}${long === null ? '' : ` -l ${long.slice(2)}`}${words} -d ${quote(firstLine(description))}`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** For all three shells: nothing within is special, and a quote in it is put in by itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
