/** `mediatap policy rules`: the permits that a policy, or the blocked flows of a capture, need. Printed, never applied. */

import { type Command, Option } from 'commander';
import type { Analysis } from '../analysis/snapshot.ts';
import { type BlockedFlow, permitsOfBlocked } from '../policy/permits-of-blocked.ts';
import { type ObservedAtOnce, permitsOfPolicy } from '../policy/permits-of-policy.ts';
import { peakOf } from '../policy/port-sizing.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { FIREWALL_KINDS, type FirewallKind, writeRules } from '../policy/write-rules.ts';
import { blockedFlow, lifeOf } from '../report/blocked-flow.ts';
import { type CaptureOptions, outputOption, runOnCaptures, writeOut } from './capture-command.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { listFlows } from './list-flows.ts';
import { requireFitOutput } from './output-file.ts';
import { loadPolicy } from './policy-file.ts';

interface RulesOptions extends CaptureOptions {
  readonly capture?: readonly string[];
  readonly for: FirewallKind;
}

const EXAMPLES = `
Examples:
  mediatap policy rules site.yaml --for nftables         what the policy needs
  mediatap policy rules --capture trunk.pcapng           what would cure what is blocked there
  mediatap policy rules site.yaml --capture trunk.pcapng --for cisco-asa
  mediatap policy rules site.yaml --for nftables | nft -c -f -

With a policy and captures, ranges are sized by what the captures show at once. Rules are printed, never applied.`;

export function addPolicyRulesCommand(policy: Command, host: CliHost, finish: (code: number) => void): void {
  policy
    .command('rules')
    .description('print the firewall rules that a policy, or the blocked flows of captures, need')
    .argument('[file]', 'policy of the site, YAML')
    .option('-c, --capture <files...>', 'captures whose blocked flows are to be permitted, or that size the ranges')
    .addOption(new Option('--for <firewall>', 'language of the rules').choices(FIREWALL_KINDS).default('text'))
    .addOption(outputOption())
    .addHelpText('after', notes(EXAMPLES))
    .action(async (file: string | undefined, options: RulesOptions) => {
      requireFitOutput(file === undefined ? [] : [file], options.output);
      finish(await printRules(host, file === undefined ? undefined : loadPolicy(file), options));
    });
}

async function printRules(host: CliHost, site: SitePolicy | undefined, options: RulesOptions): Promise<number> {
  const { capture, for: kind } = options;
  if (capture !== undefined) {
    return await runOnCaptures(host, capture, options, (analysis) => rulesOfCapture(host, analysis, site, kind));
  }
  if (site === undefined)
    throw new UsageError('name a policy file, or captures with --capture; see mediatap policy rules --help');
  const rules = permitsOfPolicy(site, { mmsu: 0, dcom: 0 }, Date.now() / 1000);
  await writeOut(host, options.output, [writeRules(rules, kind)]);
  return EXIT.done;
}

async function* rulesOfCapture(
  host: CliHost,
  analysis: Analysis,
  site: SitePolicy | undefined,
  kind: FirewallKind,
): AsyncGenerator<string> {
  if (site === undefined) {
    const blocked: BlockedFlow[] = [];
    for (const row of await listFlows(host, analysis, 'verdict:blocked')) {
      const flow = await blockedFlow(row, (id) => analysis.flow(id));
      if (flow !== null) blocked.push(flow);
    }
    yield writeRules(permitsOfBlocked(blocked), kind);
    return;
  }
  yield writeRules(permitsOfPolicy(site, await observe(host, analysis), Date.now() / 1000), kind);
}

/** The endpoint mapper is no dynamic port. */
const MAPPER_PORT = 135;

async function observe(host: CliHost, analysis: Analysis): Promise<ObservedAtOnce> {
  const dcom = await listFlows(host, analysis, 'proto:dcerpc');
  return {
    mmsu: peakOf((await listFlows(host, analysis, 'proto:mmsu')).map(lifeOf)),
    dcom: peakOf(dcom.filter(({ responder }) => responder.port !== MAPPER_PORT).map(lifeOf)),
  };
}
