import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';

const run = async (...args: string[]): Promise<string> => (await runOnHost(args)).out;

/** What bash offers for the last word. */
async function complete(...words: string[]): Promise<string[]> {
  const script = [
    await run('completion', 'bash'),
    'COMP_WORDS=("$@")',
    'COMP_CWORD=$(($# - 1))',
    '_mediatap',
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join('\n');
  const options = { encoding: 'utf8', cwd: new URL('../../fixtures', import.meta.url) } as const;
  return execFileSync('bash', ['-c', script, 'bash', ...words], options)
    .trim()
    .split('\n');
}

describe('completion in bash', () => {
  it('offers commands and files, and what is below a command', async () => {
    expect(await complete('mediatap', 'rep')).toEqual(['report']);
    expect(await complete('mediatap', 'policy', 'ru')).toEqual(['rules']);
    expect(await complete('mediatap', 'report', 'rtsp-dropped-v')).toEqual(['']);
    expect(await complete('mediatap', 'report', 'recorded-rollover-')).toEqual(['recorded-rollover-cured']);
  });

  it('offers what an argument may be, and files only where they have a place', async () => {
    expect(await complete('mediatap', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('mediatap', 'help', 'pol')).toEqual(['policy']);
    expect(await complete('mediatap', 'ports', '')).toEqual(['']);
    expect(await complete('mediatap', 'report', '--limit', '')).toEqual(['']);
    expect(await complete('mediatap', 'report', '--baseline', 'generat')).toEqual(['generate.ts']);
  });

  it('offers options of the command, and the values of an option', async () => {
    expect(await complete('mediatap', 'report', 'a.pcap', '--ano')).toEqual(['--anonymize']);
    expect(await complete('mediatap', 'interfaces', '--ano')).toEqual(['']);
    expect(await complete('mediatap', 'report', '--format', 'ji')).toEqual(['jira']);
    expect(await complete('mediatap', 'flows', '-f', '')).toEqual(['table', 'jsonl', 'csv']);
    expect(await complete('mediatap', 'report', '--format', '=')).toContain('markdown');
    expect(await complete('mediatap', 'report', '--format', '=', 'ju')).toEqual(['junit']);
  });
});

const hasShell = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe.skipIf(!hasShell('fish'))('completion in fish', () => {
  it.each([
    ['mediatap rep', ['report']],
    ['mediatap policy ru', ['rules']],
    ['mediatap policy rules --for ', ['cisco-asa', 'iptables', 'nftables', 'text', 'windows']],
    ['mediatap report --format=ju', ['--format=junit']],
    ['mediatap completion ', ['bash', 'fish', 'zsh']],
    ['mediatap ports ', []],
    ['mediatap report recorded-rollover-', ['recorded-rollover-cured/']],
  ])('offers for %j what it may be', async (line, words) => {
    const script = `${await run('completion', 'fish')}complete -C ${`'${line}'`}`;
    const options = { encoding: 'utf8', cwd: new URL('../../fixtures', import.meta.url) } as const;
    const offered = execFileSync('fish', ['--no-config', '-c', script], options);
    const names = offered.split('\n').map((each) => each.split('\t')[0]);
    expect(names.filter((each) => each !== '')).toEqual(words);
  });
});

describe.skipIf(!hasShell('zsh'))('completion in zsh', () => {
  it('is a script without mistakes', async () => {
    const { status, stderr } = spawnSync('zsh', ['-n'], { input: await run('completion', 'zsh'), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('completion in other shells', () => {
  it('knows every command and option', async () => {
    for (const shell of ['zsh', 'fish']) {
      const script = await run('completion', shell);
      for (const word of ['report', 'evidence', 'rules', 'anonymize', 'baseline', 'markdown']) {
        expect(script).toContain(word);
      }
      // Each quote that is opened is closed on its line.
      const odd = script.split('\n').filter((line) => (line.replaceAll(`"'"`, '').match(/'/g) ?? []).length % 2 === 1);
      expect(odd).toEqual([]);
    }
  });
});

describe('the manual page', () => {
  it('has the words of --help, and no line that roff would take for a request', async () => {
    const page = await run('man');
    expect(page).toContain('.TH MEDIATAP 1 "" "mediatap 1.2.3"');
    expect(page).toContain('.B \\-f, \\-\\-format <format>');
    expect(page).toContain('mediatap policy rules');
    expect(page).toContain('(choices: \\(dqtext\\(dq, \\(dqmarkdown\\(dq');
    expect(page).toContain(".B captures\ncapture files, or '\\-' for standard input");
    expect(page).toContain('.PP\nExit codes: 0 done; 1 found what \\-\\-fail\\-on names;');
    const requests = page.split('\n').filter((line) => /^[.']/.test(line));
    expect(requests.filter((line) => !/^\.(TH|SH|SS|TP|PP|B|nf|fi)\b/.test(line))).toEqual([]);
  });
});
