/** `--anonymize` with its key and the networks that it spares, for the commands whose output leaves the house. */

import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { formatNetwork, type Network, parseNetwork } from '../format/address.ts';
import { whyNotRead } from '../format/system-error.ts';
import { KEY_BYTES } from '../report/anonymous/crypto-pan.ts';
import { Disguise, makeKey } from '../report/anonymous/disguise.ts';
import { type CliHost, UsageError } from './host.ts';

export interface AnonymizeOptions {
  readonly anonymize?: true;
  readonly key?: string;
  readonly keep: readonly Network[];
}

export const ANONYMIZE_HELP = `

With --anonymize, addresses become pseudonyms that share as many first bits as the addresses do (Crypto-PAn); private and
multicast ones stay private and multicast. MAC addresses, names, URLs, rules of the site and file names become pseudonyms
or are withheld, and payloads are left out of captures. Times, ports and counts stay as they are.`;

export function anonymizeOptions(): Option[] {
  return [
    new Option('--anonymize', 'replace addresses and names by pseudonyms'),
    new Option(
      '--key <file>',
      `with --anonymize: file of ${2 * KEY_BYTES} hexadecimal digits; the same key gives the same pseudonyms`,
    ),
    new Option('--keep <network>', 'with --anonymize: addresses that stay; may be given several times')
      .argParser((text: string, kept: readonly Network[]) => [...kept, readNetwork(text)])
      .default([], 'none'),
  ];
}

/** Null where nothing is to be replaced. A key that is made for the occasion is told, for the next time. */
export function disguiseOf(host: CliHost, { anonymize, key, keep }: AnonymizeOptions): Disguise | null {
  if (anonymize === undefined) {
    const [network] = keep;
    if (key !== undefined) throw new UsageError('--key needs --anonymize');
    if (network !== undefined) throw new UsageError(`--keep ${formatNetwork(network)} needs --anonymize`);
    return null;
  }
  if (key !== undefined) return new Disguise(readKey(key), keep);
  const made = makeKey();
  const digits = Buffer.from(made).toString('hex');
  host.complain(
    `mediatap: made anonymous with a new key: ${digits} (in a file for --key, it gives the same pseudonyms)`,
  );
  return new Disguise(made, keep);
}

function readNetwork(text: string): Network {
  const network = parseNetwork(text);
  if (network === null) throw new InvalidArgumentError('It must be an address or a network such as 10.0.0.0/8.');
  return network;
}

function readKey(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'latin1').trim();
  } catch (error) {
    throw new UsageError(`cannot read the key '${path}': ${whyNotRead(error)}`);
  }
  const isKey = text.length === 2 * KEY_BYTES && /^[0-9a-f]+$/i.test(text);
  if (!isKey) throw new UsageError(`'${path}' holds no key of ${2 * KEY_BYTES} hexadecimal digits`);
  return Buffer.from(text, 'hex');
}
