/** Captures on the screen where there is a terminal, as a summary where there is none. */

import { sideNames } from '../policy/side-names.ts';
import { writeReport } from '../report/formats.ts';
import { reportOnCapture } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import { type CaptureOptions, runOnCaptures, toolOf } from './capture-command.ts';
import { type CliHost, EXIT, type ScreenOptions } from './host.ts';

/** Resolves to the exit code. */
export async function lookAt(
  host: CliHost,
  paths: readonly string[],
  options: CaptureOptions,
  screen: ScreenOptions = {},
): Promise<number> {
  const { policy = null, follow = false } = options;
  if (!host.openTerminal()) {
    return runOnCaptures(host, paths, options, (analysis, snapshot) => {
      const source = { ...reportOnCapture(analysis, snapshot, toolOf(host)), sideOf: sideNames(policy) };
      return writeReport(source, 'text', TICKET_LENGTH);
    });
  }
  const analysis = await host.startAnalysis({ paths, follow, isWatched: true, policy });
  try {
    await host.runTui(analysis, { ...screen, policy });
    return EXIT.done;
  } finally {
    await analysis.close();
  }
}
