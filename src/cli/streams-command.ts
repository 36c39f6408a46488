/** `mediatap streams`: one media stream per line, with its quality. */

import { writeStreamList } from '../report/stream-list.ts';
import type { ListCommand } from './list-command.ts';

const EXAMPLES = `
Examples:
  mediatap streams trunk.pcapng
  mediatap streams trunk.pcapng --where 'loss>1%'
  mediatap streams trunk.pcapng --where 'host:239.1.2.3' --format jsonl | jq .maxJitterMs
  mediatap streams trunk.pcapng --format csv -o streams.csv

Loss, delta and jitter are measured as Wireshark's list of RTP streams measures them; late packets and copies made on the
way are told apart, copies made by the span are not counted. '~' marks a clock that was estimated. Expressions are those
of mediatap flows, and select the flows that carry the streams.`;

export const STREAMS_COMMAND: ListCommand = {
  name: 'streams',
  description: 'list media streams with their quality, one per line',
  whereDescription: 'only streams of flows that match',
  examples: EXAMPLES,
  write: writeStreamList,
};
