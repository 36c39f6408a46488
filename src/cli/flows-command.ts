/** `mediatap flows`: one flow per line. */

import { QUERY_FIELDS } from '../query/query-fields.ts';
import { writeFlowList } from '../report/flow-list.ts';
import type { ListCommand } from './list-command.ts';

const EXAMPLES = `
Examples:
  mediatap flows trunk.pcapng
  mediatap flows trunk.pcapng --where 'blocked | refused'
  mediatap flows trunk.pcapng --where 'proto:rtsp host:10.1/16 !ok'
  mediatap flows trunk.pcapng --format jsonl --where 'loss>1%' | jq .id
  mediatap flows trunk.pcapng --format csv -o flows.csv

Expressions: words match anything; terms side by side must all match; '|' or 'or' allows either; '!' or '-' turns a term
round; parentheses group; quotes keep spaces. Fields:
${fieldLines()}`;

export const FLOWS_COMMAND: ListCommand = {
  name: 'flows',
  description: 'list flows, one per line',
  whereDescription: 'only flows that match',
  examples: EXAMPLES,
  write: writeFlowList,
};

function fieldLines(): string {
  const width = Math.max(...QUERY_FIELDS.map(({ example }) => example.length));
  return QUERY_FIELDS.map(({ example, meaning }) => `  ${example.padEnd(width)}  ${meaning}`).join('\n');
}
