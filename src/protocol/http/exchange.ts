/** A request on its way to its answer. */

import type { Question } from '../control-record.ts';
import type { MessageHead } from '../text/message-head.ts';

export interface Exchange {
  readonly method: string;
  readonly target: string;
  readonly head: MessageHead;
  /** Kind of streaming that the request alone shows, empty when none. */
  readonly kind: string;
  readonly question: Question | null;
}

/** `http://host/path`, as far as the request tells; a proxy is given whole URLs. */
export function urlOf(target: string, head: MessageHead): string {
  if (/^[a-z]+:\/\//i.test(target)) return target;
  const host = head.get('host');
  return host === '' ? target : `http://${host}${target}`;
}
