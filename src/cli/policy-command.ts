/** `mediatap policy`: check, show and scaffold a site's policy; print the firewall rules that it needs. */

import { type Command, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { nameOf } from '../capture/byte-input.ts';
import { describePolicy, endedExceptions } from '../policy/describe-policy.ts';
import { readSitePolicy } from '../policy/read-site-policy.ts';
import { PolicyError, type SitePolicy } from '../policy/site-policy.ts';
import { POLICY_STATE_WORDS } from '../report/report-words.ts';
import { alignColumns } from './align-columns.ts';
import { type CaptureOptions, failOnOption, outputOption, runOnCaptures, writeOut } from './capture-command.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { requireFitOutput } from './output-file.ts';
import { loadPolicy, readPolicyText } from './policy-file.ts';
import { addPolicyInitCommand } from './policy-init-command.ts';
import { addPolicyRulesCommand } from './policy-rules-command.ts';
import { policyAsJson, policyTable } from './policy-table.ts';

const EXAMPLES = `
Examples:
  mediatap policy init trunk.pcapng -o site.yaml     a first policy from what a capture shows
  mediatap policy check site.yaml                    what it means, or where it is wrong
  mediatap policy check site.yaml before.pcap        each rule: working, blocked, unexpected, never seen
  mediatap policy show site.yaml                     every rule with its source
  mediatap policy rules site.yaml --for nftables     the permits that it needs
  mediatap report trunk.pcapng --policy site.yaml    judge a capture by it
  mediatap report before.pcap --policy site.yaml --format json -o before.json
  mediatap report after.pcap --policy site.yaml --baseline before.json`;

export function addPolicyCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  const policy = program
    .command('policy')
    .description("check, show and scaffold a site's policy; print the firewall rules it needs")
    .addHelpText('after', notes(EXAMPLES));
  addCheckCommand(policy, host, finish);
  addShowCommand(policy, host, finish);
  addPolicyInitCommand(policy, host, finish);
  addPolicyRulesCommand(policy, host, finish);
}

const CHECK_EXAMPLES = `
Examples:
  mediatap policy check site.yaml
  mediatap policy check site.yaml before.pcap        run before and after a change of the firewall
  mediatap policy check site.yaml after.pcap --fail-on blocked,unexpected

Exit codes: 0 valid; 1 an exception has ended, or --fail-on found something; 2 the file is wrong.`;

function addCheckCommand(policy: Command, host: CliHost, finish: (code: number) => void): void {
  policy
    .command('check')
    .description('explain a policy or say where it is wrong; with captures, what they show of each rule')
    .argument('<file>', 'policy of the site, YAML')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(outputOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(CHECK_EXAMPLES))
    .action(async (file: string, captures: string[], options: CaptureOptions) => {
      requireFitOutput([file], options.output);
      if (captures.length === 0) finish(await checkFile(host, file, options));
      else finish(await runOnCaptures(host, captures, { ...options, policy: loadPolicy(file) }, writeMatrix));
    });
}

async function checkFile(host: CliHost, file: string, { output, failOn }: CaptureOptions): Promise<number> {
  if (failOn !== undefined) throw new UsageError('--fail-on needs captures: a policy alone has no findings');
  const text = readPolicyText(file);
  let policy: SitePolicy;
  try {
    policy = readSitePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const lines = error.problems.map(({ line, column, message }) => `${nameOf(file)}:${line}:${column}: ${message}\n`);
    await writeOut(host, output, lines);
    return EXIT.usage;
  }
  const now = Date.now() / 1000;
  await writeOut(host, output, [`${describePolicy(policy, now).join('\n')}\n`]);
  return endedExceptions(policy, now).length > 0 ? EXIT.found : EXIT.done;
}

/** Rules of the site, then what was seen and no rule permits. */
async function* writeMatrix(_analysis: Analysis, snapshot: Snapshot): AsyncGenerator<string> {
  const rows = snapshot.policy.flatMap(({ rule, state, flowCount, site }) =>
    site === undefined ? [] : [[POLICY_STATE_WORDS[state], `${flowCount}`, rule, site.protocol, site.ports, site.text]],
  );
  yield `${alignColumns([['State', 'Flows', 'Rule', 'Protocol', 'Ports', 'From, to, what for'], ...rows]).join('\n')}\n`;
  const outside = snapshot.findings.filter(({ code }) => code === 'not-in-policy' || code === 'wrong-direction');
  if (outside.length > 0) yield `\nNot as the policy says\n${outside.map(({ title }) => `  ${title}\n`).join('')}`;
}

const SHOW_EXAMPLES = `
Examples:
  mediatap policy show site.yaml
  mediatap policy show site.yaml --format json | jq '.rules[].id'`;

function addShowCommand(policy: Command, host: CliHost, finish: (code: number) => void): void {
  policy
    .command('show')
    .description('list every rule that follows from a policy, with its source')
    .argument('<file>', 'policy of the site, YAML', loadPolicy)
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(['table', 'json']).default('table'))
    .addHelpText('after', notes(SHOW_EXAMPLES))
    .action(async (site: SitePolicy, { format }: { readonly format: 'table' | 'json' }) => {
      await host.write(format === 'json' ? `${JSON.stringify(policyAsJson(site), null, 2)}\n` : policyTable(site));
      finish(EXIT.done);
    });
}
