import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePcap } from '../../../fixtures/encode/pcap.ts';
import { openCaptures } from '../open-captures.ts';
import type { LiveOptions } from './live-options.ts';
import { type LiveSource, openLive } from './live-source.ts';

const OPTIONS: LiveOptions = {
  interfaces: ['eth7'],
  filter: null,
  snapLength: 0,
  bufferMebibytes: 2,
  isPromiscuous: true,
  via: 'tcpdump',
  writePath: null,
  ring: null,
  keptMebibytes: 1,
  mostFrames: null,
};

/** Of a classic capture. */
const HEADER_BYTES = 24;

/** A shell script in the place of the program that captures: nothing here needs privileges. */
describe.skipIf(process.platform === 'win32')('openLive', () => {
  const path = process.env.PATH;
  let folder: string;
  let source: LiveSource | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'live-'));
    process.env.PATH = folder;
    const frames = [1, 2].map((seconds) => ({ bytes: Uint8Array.of(seconds), seconds, nanoseconds: 0 }));
    const capture = encodePcap(frames);
    writeFileSync(join(folder, 'frames.pcap'), capture);
    writeFileSync(join(folder, 'records'), capture.subarray(HEADER_BYTES));
  });

  afterEach(async () => {
    await source?.close();
    source = null;
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  function install(script: string): void {
    const program = join(folder, 'tcpdump');
    writeFileSync(program, `#!/bin/sh\nfolder='${folder}'\n${script}\n`);
    chmodSync(program, 0o755);
  }

  async function readNumbers(count: number): Promise<number[]> {
    const numbers: number[] = [];
    while (numbers.length < count) {
      const batch = (await source?.next()) ?? null;
      if (batch === null) break;
      numbers.push(...batch.numbers.subarray(0, batch.count));
    }
    return numbers;
  }

  async function readSeconds(paths: readonly string[]): Promise<number[]> {
    const saved = await openCaptures(paths);
    const seconds: number[] = [];
    for (let batch = await saved.next(); batch !== null; batch = await saved.next()) {
      seconds.push(...batch.seconds.subarray(0, batch.count));
    }
    await saved.close();
    return seconds;
  }

  function warnings(): string {
    return source?.captures[0].warnings.map(({ text }) => text).join(' ') ?? '';
  }

  const SHOW = '/bin/cat "$folder/frames.pcap"';
  const WAIT = 'trap "exit 0" INT; while :; do /bin/sleep 0.05; done';

  it('begins again when its program ends, numbers on, and says what happened', async () => {
    install(`${SHOW}; kill -KILL $$`);
    source = await openLive(OPTIONS);
    expect(await readNumbers(4)).toEqual([1, 2, 3, 4]);
    source.refresh();
    const [info] = source.captures;
    expect(info.frames).toBe(4);
    expect(info.interruptions).toBeGreaterThan(0);
    const [first] = info.blindTimes ?? [];
    expect((first?.end ?? 0) - (first?.start ?? 0)).toBeGreaterThan(0.4);
    // libpcap knows names that are no interface of the system, as this one.
    expect(warnings()).not.toContain('is gone');
    expect(warnings()).toMatch(/captured on eth7 .*SIGKILL/);
  });

  it('tells why its program ended also after many counts of drops', async () => {
    const counts =
      'i=0; while [ $i -lt 200 ]; do echo "tcpdump: 9 packets captured, 0 packets dropped by kernel" >&2; i=$((i+1)); done';
    install(`${SHOW}; ${counts}; echo "tcpdump: pcap_loop: The interface disappeared" >&2; exit 1`);
    source = await openLive(OPTIONS);
    expect(await readNumbers(4)).toEqual([1, 2, 3, 4]);
    source.refresh();
    expect(warnings()).toContain('tcpdump cannot capture on eth7: pcap_loop: The interface disappeared');
  });

  it('gives what is on its way when it is stopped, and then the end, with the last count of drops', async () => {
    const last = '/bin/cat "$folder/records"; echo "3 packets dropped by kernel" >&2; exit 0';
    install(`trap '${last}' INT; ${SHOW}; while :; do /bin/sleep 0.05; done`);
    source = await openLive(OPTIONS);
    expect(await readNumbers(2)).toEqual([1, 2]);
    source.stop();
    expect(await readNumbers(9)).toEqual([3, 4]);
    await source.close();
    expect(source.captures[0].interfaces[0]?.dropped).toBe(3);
  });

  it('ends after as many frames as were asked for, and saves exactly those', async () => {
    install(`${SHOW}; ${WAIT}`);
    const writePath = join(folder, 'saved.pcapng');
    source = await openLive({ ...OPTIONS, mostFrames: 1, writePath });
    expect(await readNumbers(9)).toEqual([1]);
    await source.close();
    const saved = await openCaptures([writePath]);
    const batch = await saved.next();
    expect([batch?.count, batch?.seconds[0]]).toEqual([1, 1]);
    expect(saved.captures[0]?.interfaces[0]?.name).toBe('eth7');
    await saved.close();
  });

  it('recalls the latest frames from memory, with their numbers', async () => {
    install(`${SHOW}; ${WAIT}`);
    source = await openLive(OPTIONS);
    expect(source.recall(folder)).toEqual({ files: [], failure: null });
    await readNumbers(2);
    const { files } = source.recall(folder);
    expect(files).toEqual([{ path: join(folder, 'latest.pcapng'), firstFrame: 1 }]);
    expect(await readSeconds(files.map(({ path }) => path))).toEqual([1, 2]);
    expect(source.recall(join(folder, 'nowhere')).failure).toMatch(/cannot be written/);
  });

  it('recalls what was saved from there, while it is saved', async () => {
    install(`${SHOW}; ${WAIT}`);
    const writePath = join(folder, 'room.pcapng');
    source = await openLive({ ...OPTIONS, writePath });
    await readNumbers(2);
    expect(source.recall(folder).files).toEqual([{ path: writePath, firstFrame: 1 }]);
    expect(await readSeconds([writePath])).toEqual([1, 2]);
  });

  it.skipIf(!existsSync('/dev/full'))('recalls from memory when nothing could be saved', async () => {
    install(`${SHOW}; ${WAIT}`);
    source = await openLive({ ...OPTIONS, writePath: '/dev/full' });
    await readNumbers(2);
    const { files } = source.recall(folder);
    expect(await readSeconds(files.map(({ path }) => path))).toEqual([1, 2]);
    await source.close();
    source = await openLive({ ...OPTIONS, writePath: '/dev/full', keptMebibytes: 0 });
    await readNumbers(2);
    expect(source.recall(folder)).toEqual({ files: [], failure: null });
  });

  it('goes on in the next file of a ring when one is full, and takes old ones away', async () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ bytes: new Uint8Array(100), seconds: i + 1, nanoseconds: 0 }));
    writeFileSync(join(folder, 'frames.pcap'), encodePcap(many));
    install(`${SHOW}; ${WAIT}`);
    const ring = { mostBytes: null, mostSeconds: 2, mostFiles: 3 };
    source = await openLive({ ...OPTIONS, writePath: join(folder, 'room.pcapng'), ring });
    await readNumbers(9);
    const { files } = source.recall(folder);
    expect(files.map(({ firstFrame }) => firstFrame)).toEqual([5, 7, 9]);
    expect(await readSeconds(files.map(({ path }) => path))).toEqual([5, 6, 7, 8, 9]);
    expect(readdirSync(folder).filter((name) => name.startsWith('room_'))).toHaveLength(3);
  });

  it.skipIf(!existsSync('/dev/full'))('goes on when nothing more can be saved, and says so', async () => {
    install(`${SHOW}; ${WAIT}`);
    source = await openLive({ ...OPTIONS, writePath: '/dev/full' });
    expect(await readNumbers(2)).toEqual([1, 2]);
    source.refresh();
    expect(warnings()).toMatch(/no space is left.*Nothing more is saved/);
  });

  it.each([
    ['says', 60, true],
    ['does not say', 0, false],
  ])('%s that frames of %d s ago come late', async (_, age, isLate) => {
    const seconds = Math.floor(Date.now() / 1000) - age;
    writeFileSync(
      join(folder, 'frames.pcap'),
      encodePcap([{ bytes: Uint8Array.of(1), seconds, nanoseconds: 999_999_000 }]),
    );
    install(`${SHOW}; ${WAIT}`);
    source = await openLive(OPTIONS);
    await readNumbers(1);
    source.refresh();
    expect(warnings().includes('behind the capture')).toBe(isLate);
  });

  it('hands on the filter and the options, and rejects with what the program says', async () => {
    install(
      'echo "$@" > "$folder/arguments"; echo "tcpdump: can\'t parse filter expression: syntax error" >&2; exit 1',
    );
    const opening = openLive({ ...OPTIONS, filter: 'udp prt 1', snapLength: 96, isPromiscuous: false });
    await expect(opening).rejects.toThrow("The filter 'udp prt 1' is not understood: syntax error.");
    const given = readFileSync(join(folder, 'arguments'), 'utf8');
    for (const part of ['-i eth7', '-s 96', '-B 2048', '-p', '-- udp prt 1']) expect(given).toContain(part);
  });

  it('numbers the frames of several interfaces in the order of their arrival, and says whose each is', async () => {
    install(`${SHOW}; ${WAIT}`);
    source = await openLive({ ...OPTIONS, interfaces: ['eth7', 'eth8'] });
    const owners: number[] = [];
    const numbers: number[] = [];
    while (numbers.length < 4) {
      const batch = await source.next();
      numbers.push(...(batch?.numbers.subarray(0, batch.count) ?? []));
      owners.push(...(batch?.interfaces.subarray(0, batch.count) ?? []));
    }
    expect(numbers).toEqual([1, 2, 3, 4]);
    expect(owners).toEqual([0, 0, 1, 1]);
    expect(source.captures[0].interfaces.map(({ name }) => name).sort()).toEqual(['eth7', 'eth8']);
  });

  it('says why its program cannot even be started', async () => {
    install(`${SHOW}; ${WAIT}`);
    const filter = 'tcp '.repeat(1 << 16);
    await expect(openLive({ ...OPTIONS, filter })).rejects.toThrow(/^tcpdump cannot capture on eth7: .*E2BIG\.$/);
  });

  it('leaves the file alone that it would replace when nothing can be captured', async () => {
    install('echo "tcpdump: eth7: No such device exists" >&2; exit 1');
    const writePath = join(folder, 'earlier.pcapng');
    writeFileSync(writePath, 'kept');
    await expect(openLive({ ...OPTIONS, writePath })).rejects.toThrow("no interface 'eth7'");
    expect(readFileSync(writePath, 'utf8')).toBe('kept');
  });

  it('ends the other programs when one interface cannot be captured on', async () => {
    install(`case "$*" in *eth8*) echo "tcpdump: eth8: No such device exists" >&2; exit 1;; esac
echo $$ > "$folder/pid"; ${SHOW}; ${WAIT}`);
    await expect(openLive({ ...OPTIONS, interfaces: ['eth7', 'eth8'] })).rejects.toThrow("no interface 'eth8'");
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
