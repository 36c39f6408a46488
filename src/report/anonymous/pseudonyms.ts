/**
 * Pseudonyms for all that tells who and where: addresses keep their prefixes in common and what they are for, names and MAC
 * addresses keep nothing. One key gives the same pseudonyms everywhere.
 */

import { createHmac } from 'node:crypto';
import { formatAddress, formatMac, type Network, parseAddress, parseNetwork } from '../../format/address.ts';
import { CryptoPan } from './crypto-pan.ts';
import { countKeptBits } from './meaningful-prefixes.ts';

/** Pseudonyms that are remembered: a scan may name any number of addresses. */
const MOST_REMEMBERED = 50_000;
const MAC_BYTES = 6;
const LOCAL_BIT = 0x02;
const GROUP_BIT = 0x01;

/** MAC addresses of protocols, the same everywhere: broadcast, bridges, VRRP, HSRP. Groups of IP follow their address. */
const WELL_KNOWN_MACS = /^(ff:ff:ff:ff:ff:ff|00:00:00:00:00:00|01:80:c2:|00:00:5e:00:0|00:00:0c:07:ac:)/;
const IPV4_GROUP_MAC = Uint8Array.of(0x01, 0x00, 0x5e);
const IPV6_GROUP_MAC = Uint8Array.of(0x33, 0x33);

export class Pseudonyms {
  readonly #key: Uint8Array;
  readonly #pan: CryptoPan;
  readonly #kept: readonly Network[];
  readonly #addresses = new Map<string, Uint8Array>();
  readonly #macs = new Map<string, Uint8Array>();

  /** `key`: `KEY_BYTES` bytes. Addresses within `kept` stay as they are. */
  constructor(key: Uint8Array, kept: readonly Network[]) {
    this.#key = key.slice();
    this.#pan = new CryptoPan(key);
    this.#kept = kept;
  }

  /** Of 4 or 16 bytes. */
  address(address: Uint8Array): Uint8Array {
    const text = Buffer.from(address).toString('latin1');
    return remember(this.#addresses, text, () => this.#pan.pseudonym(address, countKeptBits(address, this.#kept)));
  }

  /** Of an address or a network in canonical text; what is neither comes back as it is. */
  addressText(text: string): string {
    const address = parseAddress(text);
    if (address !== null) return formatAddress(this.address(address));
    const network = text.includes('/') ? parseNetwork(text) : null;
    if (network === null) return text;
    const masked = parseNetwork(`${formatAddress(this.address(network.address))}/${network.prefixLength}`);
    return masked === null ? text : `${formatAddress(masked.address)}/${network.prefixLength}`;
  }

  /** Of six bytes. */
  mac(mac: Uint8Array): Uint8Array {
    const text = formatMac(mac, 0);
    if (WELL_KNOWN_MACS.test(text)) return mac.slice();
    return remember(this.#macs, text, () => {
      const pseudonym = this.#digest('mac', text).slice(0, MAC_BYTES);
      pseudonym[0] = (((pseudonym[0] ?? 0) | LOCAL_BIT) & ~GROUP_BIT) | ((mac[0] ?? 0) & GROUP_BIT);
      return pseudonym;
    });
  }

  macText(text: string): string {
    return formatMac(this.mac(Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16))), 0);
  }

  /** `name-5d41402a`; `kind` is one lower-case word. */
  name(kind: string, text: string): string {
    return `${kind}-${this.hash(kind, text)}`;
  }

  /** Eight hexadecimal digits that nobody can guess back without the key. */
  hash(kind: string, text: string): string {
    return Buffer.from(this.#digest(kind, text).subarray(0, 4)).toString('hex');
  }

  #digest(kind: string, text: string): Uint8Array {
    return createHmac('sha256', this.#key).update(`${kind} ${text}`).digest();
  }
}

/** Of the group whose address (4 or 16 bytes) this is: RFC 1112 section 6.4, RFC 2464 section 7. */
export function macOfGroup(group: Uint8Array): Uint8Array {
  const mac = new Uint8Array(MAC_BYTES);
  const prefix = group.length === 4 ? IPV4_GROUP_MAC : IPV6_GROUP_MAC;
  mac.set(prefix);
  mac.set(group.subarray(group.length - (MAC_BYTES - prefix.length)), prefix.length);
  if (group.length === 4) mac[3] = (mac[3] ?? 0) & 0x7f;
  return mac;
}

function remember(known: Map<string, Uint8Array>, key: string, make: () => Uint8Array): Uint8Array {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size < MOST_REMEMBERED) known.set(key, made);
  return made;
}
