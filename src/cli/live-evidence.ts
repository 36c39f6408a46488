/** `live --evidence`: saves the frames that prove findings as soon as these arise, while they can still be read again. */

import { mkdirSync } from 'node:fs';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { counted } from '../format/count.ts';
import { whyNotWritten } from '../format/system-error.ts';
import { printable } from '../format/text.ts';
import { DEFAULT_EVIDENCE, writeEvidence } from '../report/evidence-capture.ts';
import { reportOnFindings } from '../report/report-source.ts';
import type { Verdict } from '../verdict/finding.ts';
import { toolOf } from './capture-command.ts';
import { nameOfSaved, writeFreeFile } from './free-name.ts';
import { type CliHost, UsageError } from './host.ts';

/** Called with what was done, in words and for programs. */
type Tell = (words: string, row: Readonly<Record<string, unknown>>) => void;

const PROVEN: readonly Verdict[] = ['blocked', 'refused', 'unexpected'];
/** What arises at once is saved at once, to one file. */
const PAUSE_MS = 2000;
const MOST_FILES = 1000;

export class LiveEvidence {
  readonly #host: CliHost;
  readonly #analysis: Analysis;
  readonly #folder: string;
  readonly #tell: Tell;
  readonly #unsubscribe: () => void;
  /** Ids of findings that stand and are saved. */
  #saved: ReadonlySet<string> = new Set();
  #files = 0;
  #isStopped = false;
  #saving: Promise<void> | null = null;
  /** In milliseconds of `performance.now`. */
  #nextAt = 0;

  /** Makes the folder where there is none. Throws a `UsageError` when that cannot be done. */
  constructor(host: CliHost, analysis: Analysis, folder: string, tell: Tell) {
    this.#host = host;
    this.#analysis = analysis;
    this.#folder = folder;
    this.#tell = tell;
    makeFolder(folder);
    this.#unsubscribe = analysis.subscribe((snapshot) => this.#look(snapshot));
  }

  /** Resolves when all findings that stand are saved. */
  async end(): Promise<void> {
    this.#unsubscribe();
    await this.#saving;
    this.#nextAt = 0;
    this.#look(this.#analysis.snapshot);
    await this.#saving;
  }

  #look(snapshot: Snapshot): void {
    const proven = snapshot.findings.filter(({ verdict }) => PROVEN.includes(verdict)).map(({ id }) => id);
    const fresh = proven.filter((id) => !this.#saved.has(id));
    const isReady = !this.#isStopped && this.#saving === null && performance.now() >= this.#nextAt;
    this.#saved = new Set(isReady ? proven : proven.filter((id) => this.#saved.has(id)));
    if (!isReady || fresh.length === 0) return;
    this.#saving = this.#save(snapshot, fresh).finally(() => {
      this.#saving = null;
      this.#nextAt = performance.now() + PAUSE_MS;
    });
  }

  async #save(snapshot: Snapshot, ids: readonly string[]): Promise<void> {
    try {
      const source = reportOnFindings(this.#analysis, snapshot, toolOf(this.#host), ids);
      const name = nameOfSaved(snapshot.captures, ids);
      const write = (path: string) => writeEvidence(source, path, DEFAULT_EVIDENCE);
      const { path, result } = await writeFreeFile(this.#folder, name, 'pcapng', write);
      const { frames, missing } = result;
      const lost = missing === 0 ? '' : ` ${counted(missing, 'frame')} that prove it could not be read again.`;
      this.#tell(
        `SAVED: ${counted(frames, 'frame')} for ${counted(ids.length, 'finding')} to ${printable(path)}.${lost}`,
        {
          ...{ event: 'evidence', path, frames, missing, findings: ids },
        },
      );
      if (++this.#files >= MOST_FILES) this.#stop(`${MOST_FILES} captures were saved`);
    } catch (error) {
      this.#stop(error instanceof Error ? error.message.replace(/\.$/, '') : String(error));
    }
  }

  #stop(reason: string): void {
    this.#isStopped = true;
    const text = `No more evidence is saved: ${printable(reason, 500)}.`;
    this.#tell(`NOTE: ${text}`, { event: 'warning', text });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`no evidence can be saved in ${printable(folder)}: ${whyNotWritten(error)}`);
  }
}
