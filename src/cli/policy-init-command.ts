/** `mediatap policy init`: a first policy from what a capture shows. */

import type { Command } from 'commander';
import type { Analysis, FlowRow, Snapshot } from '../analysis/snapshot.ts';
import { isMulticast, parseAddress } from '../format/address.ts';
import { type SeenFlow, scaffoldPolicy } from '../policy/scaffold-policy.ts';
import { type CaptureOptions, outputOption, runOnCaptures } from './capture-command.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';
import { listFlows } from './list-flows.ts';

const EXAMPLES = `
Examples:
  mediatap policy init trunk.pcapng
  mediatap policy init monday.pcap tuesday.pcap -o site.yaml && mediatap policy check site.yaml`;

export function addPolicyInitCommand(policy: Command, host: CliHost, finish: (code: number) => void): void {
  policy
    .command('init')
    .description('write a first policy from captures: servers by what they said, clients by their networks')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(outputOption())
    .addHelpText('after', notes(EXAMPLES))
    .action(async (captures: string[], options: CaptureOptions) => {
      finish(
        await runOnCaptures(host, captures, options, (analysis, snapshot) => writeScaffold(host, analysis, snapshot)),
      );
    });
}

async function* writeScaffold(host: CliHost, analysis: Analysis, { captures }: Snapshot): AsyncGenerator<string> {
  const rows = await listFlows(host, analysis, 'proto:rtsp,mms,mmsu,mmsh,rtmp,rtmpt,h323-ras,h323-q931,rtp,mpegts,msb');
  yield scaffoldPolicy(rows.map(seenFlow), captures.map(({ file }) => file).join(', '));
}

function seenFlow(row: FlowRow): SeenFlow {
  const { transport, protocol, initiator, responder, facts, confidence } = row;
  const address = parseAddress(responder.address);
  return {
    transport,
    protocol,
    initiator: initiator.address,
    responder: responder.address,
    port: responder.port,
    isMulticast: address !== null && isMulticast(address),
    software: facts.server ?? '',
    isPublisher: facts.role === 'publish',
    isProven: confidence !== 'port',
  };
}
