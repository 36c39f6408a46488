/** A policy file from disk, and `--policy` for the commands that judge by it. */

import { closeSync, openSync, readSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { whyNotRead } from '../format/system-error.ts';
import { readSitePolicy } from '../policy/read-site-policy.ts';
import { PolicyError, type SitePolicy } from '../policy/site-policy.ts';
import { UsageError } from './host.ts';

/** A policy is written by hand; more than this is another file. */
const MOST_BYTES = 2_000_000;

export function policyOption(): Option {
  return new Option('--policy <file>', 'judge by the policy of the site; see mediatap policy --help').argParser(
    loadPolicy,
  );
}

/** Throws for commander, with the line and column of the first mistake. */
export function loadPolicy(path: string): SitePolicy {
  try {
    return readSitePolicy(readPolicyText(path));
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(`${error.message.replace(/^c/, 'C')}.`);
    if (!(error instanceof PolicyError)) throw error;
    const [first] = error.message.split('\n');
    const others = error.problems.length - 1;
    const more = others === 0 ? '' : ` (and ${others} more: mediatap policy check ${path})`;
    throw new InvalidArgumentError(`${path}:${first}${more}`);
  }
}

/** Throws `UsageError` when it cannot be read. */
export function readPolicyText(path: string): string {
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      // A pipe gives its bytes piece by piece.
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        read = readSync(file, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new UsageError(`cannot read the policy '${path}': ${whyNotRead(error)}`);
  }
  if (length > MOST_BYTES) throw new UsageError(`'${path}' has more than ${MOST_BYTES} bytes: it is no policy`);
  if (bytes.subarray(0, length).includes(0)) {
    throw new UsageError(`cannot read the policy '${path}': it is no text, and a policy is written in YAML`);
  }
  return bytes.toString('utf8', 0, length);
}
