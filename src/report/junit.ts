/** Findings as the XML that build pipelines read: one test case for each finding, failed when it is a problem. */

import type { Snapshot } from '../analysis/snapshot.ts';
import { nameOf } from '../capture/byte-input.ts';
import { formatTimestamp } from '../format/time.ts';
import type { Finding, Verdict } from '../verdict/finding.ts';
import { escapeXml } from './escape-xml.ts';

/** What the network, a server or a policy does wrong; an undetermined finding is a case that could not be tried. */
const FAILURES: readonly Verdict[] = ['blocked', 'refused', 'unexpected'];

/** A capture without findings is one case that passes, because pipelines take a suite without cases for a mistake. */
export function junitReport(snapshot: Snapshot): string {
  const { findings, captures, originSeconds } = snapshot;
  const cases =
    findings.length === 0
      ? ['    <testcase classname="mediatap" name="no findings"/>']
      : findings.map((finding) => testCase(finding, originSeconds));
  const failures = findings.filter(isFailure).length;
  const skipped = findings.filter(isSkipped).length;
  const name = escapeXml(captures.map(({ file }) => nameOf(file)).join(', '));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailure(finding: Finding): boolean {
  return FAILURES.includes(finding.verdict);
}

function isSkipped(finding: Finding): boolean {
  return finding.verdict === 'undetermined';
}

function testCase(finding: Finding, originSeconds: number): string {
  const name = escapeXml(`${finding.title} [${finding.id}]`);
  const head = `    <testcase classname="mediatap.${finding.code}" name="${name}"`;
  if (isSkipped(finding)) return `${head}><skipped message="${escapeXml(finding.explanation)}"/></testcase>`;
  if (!isFailure(finding)) return `${head}/>`;
  const evidence = finding.evidence.map(
    ({ capture, frame, time, fact }) =>
      `capture ${capture + 1}, frame ${frame}, ${formatTimestamp(time, originSeconds)}: ${fact}`,
  );
  const body = escapeXml([finding.explanation, ...evidence, finding.nextStep].join('\n'));
  return `${head}><failure type="${finding.verdict}" message="${escapeXml(finding.title)}">${body}</failure></testcase>`;
}
