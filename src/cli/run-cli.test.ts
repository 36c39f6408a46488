import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { CaptureError } from '../capture/frame-batch.ts';
import { CATALOGUE } from '../policy/catalogue.ts';
import type { CliHost } from './host.ts';

async function run(args: string[], { snapshot, ...host }: Partial<CliHost> & { snapshot?: Snapshot } = {}) {
  const analysis = sampleAnalysis(snapshot ?? sampleSnapshot());
  let opened: readonly string[] | null = null;
  /** Whether every analysis that was started is closed again. */
  let isClosed = true;
  let shown = 0;
  const ran = await runOnHost(args, {
    startAnalysis: async ({ paths }) => {
      opened = paths;
      isClosed = false;
      return {
        ...analysis,
        close: async () => {
          isClosed = true;
        },
      };
    },
    runTui: async () => {
      shown++;
    },
    ...host,
  });
  return { ...ran, opened, isClosed, shown };
}

describe('mediatap CAPTURE', () => {
  it('prints the text summary where there is no terminal', async () => {
    const { code, out, errors, opened, isClosed, shown } = await run(['a.pcap', '-']);
    expect([code, errors, opened, isClosed, shown]).toEqual([0, [], ['a.pcap', '-'], true, 0]);
    expect(out).toMatch(/^VERDICT: /);
  });

  it('opens the terminal UI where there is one', async () => {
    const { code, out, shown, isClosed } = await run(['a.pcap'], { openTerminal: () => true });
    expect([code, out, shown, isClosed]).toEqual([0, '', 1, true]);
  });

  it('runs what was chosen on the start screen, and nothing when it was left', async () => {
    const openTerminal = () => true;
    const chosen = await run([], { openTerminal, chooseStart: async () => ({ kind: 'capture', path: '-a.pcap' }) });
    expect([chosen.code, chosen.opened, chosen.shown]).toEqual([0, ['-a.pcap'], 1]);
    const left = await run([], { openTerminal, chooseStart: async () => null });
    expect([left.code, left.opened, left.shown]).toEqual([0, null, 0]);
  });

  it('shows the demo with its tour on a terminal, and as a summary elsewhere', async () => {
    let isTour: boolean | undefined;
    const runTui: CliHost['runTui'] = async (_analysis, options) => {
      isTour = options?.isTour;
    };
    const shown = await run(['demo'], { openTerminal: () => true, runTui });
    expect([shown.code, isTour]).toEqual([0, true]);
    expect(shown.opened?.[0]).toMatch(/demo[\\/]capture\.pcapng$/);
    expect((await run(['demo'])).out).toMatch(/^VERDICT: /);
  });

  it('asks for a capture when none is named', async () => {
    for (const args of [[], ['report'], ['flows']]) {
      const { code, out, errors, opened } = await run(args);
      expect([code, out, opened]).toEqual([2, '', null]);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain('name a capture file');
    }
  });
});

describe('mediatap report', () => {
  it.each([
    ['text', 'VERDICT: '],
    ['markdown', '# '],
    ['json', '{\n"schema"'],
    ['html', '<!DOCTYPE html>'],
    ['jira', 'h1. '],
    ['junit', '<?xml'],
    ['csv', 'id,code'],
  ])('writes %s', async (format, start) => {
    const { code, out } = await run(['report', 'a.pcap', '--format', format]);
    expect(code).toBe(0);
    expect(out.startsWith(start)).toBe(true);
  });

  it('writes to a file when asked to, but never over the capture', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'out.txt');
    const { code, out } = await run(['report', 'a.pcap', '-o', path]);
    expect([code, out]).toEqual([0, '']);
    expect(readFileSync(path, 'utf8')).toMatch(/^VERDICT: /);
    const refused = await run(['report', 'a.pcap', '-o', './a.pcap']);
    expect([refused.code, refused.opened]).toEqual([2, null]);
    const unwritable = await run(['report', 'a.pcap', '-o', join(path, 'under', 'a-file')]);
    expect([unwritable.code, unwritable.isClosed, unwritable.errors.length]).toEqual([2, true, 1]);
  });

  it('writes to standard output where the file is -', async () => {
    const { code, out } = await run(['report', 'a.pcap', '-o', '-']);
    expect([code, out.slice(0, 9), existsSync('-')]).toEqual([0, 'VERDICT: ', false]);
  });

  it.each([
    ['evidence', 'a.pcap', '-o', '-'],
    ['live', '-i', 'lo', '--write', '-'],
  ])('but %s needs the name of a file', async (...words) => {
    const { code, errors } = await run(words);
    expect([code, errors]).toEqual([2, ['mediatap: a capture is not written to standard output: name a file']]);
  });

  it.each([
    [(file: string) => ['--policy', file, '-o', file]],
    [(file: string) => [`--policy=${file}`, `-o${file}`]],
    [(file: string) => [`--output=${join(file, '..', '.', 'site.yaml')}`, '--policy', file]],
  ])('is never written over what else it reads', async (words) => {
    const file = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'site.yaml');
    writeFileSync(file, 'name: site\n');
    const { code, errors, opened } = await run(['report', 'a.pcap', ...words(file)]);
    expect([code, opened, readFileSync(file, 'utf8')]).toEqual([2, null, 'name: site\n']);
    expect(errors[0]).toContain('is read too: write the output to another file');
  });

  it('nor is a live capture', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'site.yaml');
    writeFileSync(file, 'name: site\n');
    const { code, errors } = await run(['live', '-i', 'lo', '--policy', file, '--write', file]);
    expect([code, errors]).toEqual([2, [`mediatap: '${file}' is read too: write the output to another file`]]);
  });

  it('is written again where another word, which names no file, is the same', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'rtsp');
    for (let time = 0; time < 2; time++) {
      expect((await run(['report', 'a.pcap', '--where', file, '-o', file])).errors).toEqual([]);
    }
    expect(existsSync(file)).toBe(true);
  });

  it('ends with 1 on the findings that --fail-on names, and on no others', async () => {
    const codeFor = async (failOn: string) => (await run(['report', 'a.pcap', '--quiet', '--fail-on', failOn])).code;
    expect(await codeFor('blocked')).toBe(1);
    expect(await codeFor('refused,unexpected:confirmed')).toBe(1);
    expect(await codeFor('refused')).toBe(0);
    const inferred = sampleSnapshot();
    const findings = inferred.findings.map((finding) => ({ ...finding, certainty: 'inferred' as const }));
    const snapshot = { ...inferred, findings };
    expect((await run(['a.pcap', '--fail-on', 'blocked:confirmed'], { snapshot })).code).toBe(0);
    expect((await run(['flows', 'a.pcap', '--fail-on', 'blocked:inferred'], { snapshot })).code).toBe(1);
  });

  it('is silent when asked to be', async () => {
    const { code, out, errors } = await run(['report', 'a.pcap', '-q']);
    expect([code, out, errors]).toEqual([0, '', []]);
  });

  it('reports on one finding', async () => {
    const { out } = await run(['report', 'a.pcap', '--format', 'json', '--finding', 'wrong']);
    expect(JSON.parse(out).findings).toHaveLength(1);
    const unknown = await run(['report', 'a.pcap', '--finding', 'nothing']);
    expect([unknown.code, unknown.errors]).toEqual([2, ["mediatap: no finding has the id 'nothing'"]]);
  });
});

describe('a word that is neither a command nor a capture', () => {
  it('is told to be neither', async () => {
    const { code, errors } = await run(['reprot', 'a.pcap']);
    expect([code, errors]).toEqual([
      2,
      ["mediatap: there is neither a command 'reprot' nor a capture of this name; mediatap --help lists the commands"],
    ]);
  });
});

describe('mediatap flows', () => {
  it('has pseudonyms with --anonymize, and so have streams', async () => {
    for (const command of ['flows', 'streams']) {
      const plain = await run([command, 'a.pcap', '--format', 'csv']);
      const { code, out, errors } = await run([command, 'a.pcap', '--format', 'csv', '--anonymize']);
      expect([code, errors]).toEqual([0, [expect.stringContaining('made anonymous with a new key')]]);
      expect(plain.out).toContain('10.10.2.20');
      expect(out.split('\n')).toHaveLength(plain.out.split('\n').length);
      expect(out).not.toContain('10.10.2.20');
    }
  });

  it('lists those that the expression lets through', async () => {
    const { out } = await run(['flows', 'a.pcap', '--format', 'jsonl', '--where', 'verdict:ok proto:rtp']);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([5]);
  });

  it('says what is wrong with the expression before it reads anything', async () => {
    const { code, errors, opened } = await run(['flows', 'a.pcap', '--where', 'prot:rtsp']);
    expect([code, opened]).toEqual([2, null]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("At character 1: no field 'prot'");
  });
});

describe('mediatap ports', () => {
  it('prints every row', async () => {
    const { code, out } = await run(['ports']);
    expect(code).toBe(0);
    for (const row of CATALOGUE) expect(out).toContain(`  ${row.id} `);
  });

  it('prints every row as JSON with its id', async () => {
    const { out } = await run(['ports', '--format', 'json']);
    expect(JSON.parse(out).map((row: { id: string }) => row.id)).toEqual(CATALOGUE.map((row) => row.id));
  });

  it('explains one port', async () => {
    const { out } = await run(['ports', '1755']);
    expect(out).toContain('wms9-mms-tcp: TCP 1755 of the server, opened by the client: MMS');
    expect(out).toContain('too wide to prove anything');
    expect((await run(['ports', '1755', '--format', 'json'])).out).toContain('"inWideRange"');
    expect((await run(['ports', '0'])).out).toBe('No row names port 0.\n');
  });
});

describe('what is typed wrong or cannot be read', () => {
  it.each([
    [['--nonsense']],
    [['report', 'a.pcap', '--format', 'pdf']],
    [['report', 'a.pcap', '--limit', '10']],
    [['report', 'a.pcap', '--fail-on', 'bad']],
    [['report', 'a.pcap', '--fail-on', 'blocked:sure']],
    [['report', 'a.pcap', '--fail-on', 'blocked:confirmed:sure']],
    [['report', 'a.pcap', '--fomat', 'json']],
    [['ports', 'http']],
    [['ports', '65536']],
    [['ports', '1', '2']],
  ])('ends with 2 and one line: %j', async (args) => {
    const { code, out, errors, opened } = await run(args);
    expect([code, out, opened, errors.length]).toEqual([2, '', null, 1]);
    expect(errors[0]).toMatch(/^mediatap: [^\n]+$/);
  });

  it('ends with 2 where what a live capture is to write cannot be written', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'file');
    writeFileSync(file, '');
    const live = ['live', '-i', 'eth1', '--headless'];
    const unsaved = await run([...live, '--write', join(file, 'room.pcapng')]);
    expect([unsaved.code, unsaved.opened, unsaved.errors.length]).toEqual([2, null, 1]);
    const unproven = await run([...live, '--evidence', file]);
    expect([unproven.code, unproven.isClosed, unproven.errors.length]).toEqual([2, true, 2]);
    expect(unproven.errors[1]).toContain(`no evidence can be saved in ${file}`);
  });

  it('ends with 3 and one line that is safe to print when nothing can be read', async () => {
    const { code, errors } = await run(['a.pcap'], {
      startAnalysis: async () => {
        throw new CaptureError("'a\u001b[31m.pcap' is not a capture\nat all");
      },
    });
    expect([code, errors]).toEqual([3, ["mediatap: 'a\\x1b[31m.pcap' is not a capture at all"]]);
  });

  it('ends with 3 when reading failed before the first frame, with a report when it failed later', async () => {
    const failed = sampleSnapshot({ phase: 'failed', failure: 'the disk went away' });
    expect((await run(['a.pcap'], { snapshot: failed })).code).toBe(0);
    const early = await run(['a.pcap'], { snapshot: { ...failed, totals: { ...failed.totals, frames: 0 } } });
    expect([early.code, early.errors, early.isClosed]).toEqual([3, ['mediatap: the disk went away'], true]);
  });
});

describe('help', () => {
  const commands = ['report', 'flows', 'streams', 'compare', 'evidence', 'ports', 'live', 'interfaces', 'demo', 'man'];
  const policy = ['check', 'show', 'init', 'rules'].map((name) => ['policy', name]);

  it.each([[[]], ...[...commands, 'completion', 'policy'].map((name) => [[name]]), ...policy.map((path) => [path])])(
    'of %j has examples, and fits 80 columns but for them',
    async (path) => {
      const { code, out, errors } = await run([...path, '--help']);
      expect([code, errors]).toEqual([0, []]);
      expect(out).toContain('\nExamples:\n');
      const isExample = (line: string) => /^ {2}\S+( \S+)*$/.test(line);
      expect(out.split('\n').filter((line) => line.length > 80 && !isExample(line))).toEqual([]);
    },
  );

  it('is that of a command also after the word help', async () => {
    expect((await run(['help', 'flows'])).out).toBe((await run(['flows', '-h'])).out);
  });

  it('tells the version', async () => {
    expect((await run(['--version'])).out).toBe('1.2.3\n');
  });
});

describe('a scope', () => {
  it('limits what the report says and what fails it', async () => {
    const whole = await run(['report', 'a.pcap', '--fail-on', 'blocked', '--format', 'json']);
    expect([whole.code, JSON.parse(whole.out).findings.length]).toEqual([1, 2]);
    const part = await run(['report', 'a.pcap', '--fail-on', 'blocked', '--format', 'json', '--host', 'fd00:1::10']);
    expect(part.code).toBe(0);
    expect(JSON.parse(part.out).findings.map(({ code }: { code: string }) => code)).toEqual(['wrong-protocol']);
    expect(JSON.parse(part.out).reading.scope).toBe('host:"fd00:1::10"');
  });

  it.each([
    ['--host', 'nobody', "'nobody'"],
    ['--flow', 'x', 'is not a number'],
    ['--since', '25:99', 'is not a time of day'],
    ['--where', '(', 'At character'],
  ])('%s %s is refused', async (option, value, reason) => {
    const { code, errors } = await run(['report', 'a.pcap', option, value]);
    expect(code).toBe(2);
    expect(errors.join()).toContain(reason);
  });

  it('that nothing matches is told as that', async () => {
    const { code, out } = await run(['report', 'a.pcap', '--host', '192.0.2.1']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^VERDICT: Undetermined: no flow of the capture matches/)]);
  });

  it('of findings counts their flows alone', async () => {
    const { out } = await run(['report', 'a.pcap', '--finding', 'wrong', '--format', 'json']);
    const { flows, totals } = JSON.parse(out);
    expect([totals.flows, totals.byVerdict.blocked]).toEqual([flows.length, 0]);
  });

  it('holds nothing more than its option names', async () => {
    const { code } = await run(['report', 'a.pcap', '--host', '10.10.1.10 | blocked']);
    expect(code).toBe(2);
  });
});
