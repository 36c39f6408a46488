/** What final failures of SIP mean for a call, RFC 3261 section 21. */

import { wordsOfStatus } from '../text/status-words.ts';

const WORDS = new Map<number, string>([
  [403, 'the other end forbids it'],
  [404, 'no such user'],
  [408, 'no answer in time'],
  [410, 'the user is gone for good'],
  [415, 'the other end does not know the type of the description'],
  [420, 'the other end does not support a required extension'],
  [480, 'the callee is not available now'],
  [481, 'the other end does not know the call'],
  [482, 'the request went in a circle'],
  [483, 'the request passed too many servers'],
  [484, 'the address is not complete'],
  [485, 'the address is ambiguous'],
  [486, 'the callee is busy'],
  [488, 'the offered media is not acceptable here'],
  [491, 'both ends changed the call at once'],
  [493, 'the description could not be decrypted'],
  [500, 'the other end failed'],
  [600, 'the callee is busy everywhere'],
  [603, 'the callee declined'],
  [604, 'no such user anywhere'],
  [606, 'the offered media is not acceptable to the callee'],
]);

export function wordsOfSipStatus(status: number, reason: string): string {
  return WORDS.get(status) ?? wordsOfStatus(status, reason);
}

/** What people let their phones say: not available, busy, declined. */
const OF_PEOPLE: ReadonlySet<string> = new Set(['480', '486', '600', '603']);

/** Whether a status is the callee's own answer, and no failure of what lies between. */
export function isOfPeople(code: string): boolean {
  return OF_PEOPLE.has(code);
}
