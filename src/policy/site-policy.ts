/** A site's policy: its networks, its servers by role, and the rules that follow from them. Plain data that can cross threads. */

import type { Network } from '../format/address.ts';
import type { PortRange, PortRow } from './port-row.ts';

/** One side of a rule. */
export interface PolicySide {
  /** As the policy names it: `inside`, `wms`, `10.1.0.0/16`. */
  readonly label: string;
  readonly networks: readonly Network[];
}

/** Series of Windows Media Services: their port tables and registry values differ. */
export type WindowsMediaVersion = '9' | '4.1';

export interface SiteServer {
  readonly name: string;
  readonly networks: readonly Network[];
  readonly roles: readonly string[];
  readonly windowsMedia: WindowsMediaVersion;
  /** Viewers at once that the site expects, which sizes the range of MMSU; null when it does not say. */
  readonly viewers: number | null;
  /** Processes at once that the site expects behind DCOM; null when it does not say. */
  readonly processes: number | null;
}

export interface SiteRule {
  /** Unique in the policy: `wms/wms9-rtsp`, or the id that the policy gave its own row or exception. */
  readonly id: string;
  /** A row of the catalogue, of a standard, or the site's own. */
  readonly row: PortRow;
  /** Name of the server whose role it comes from, null for the site's own rows. */
  readonly server: string | null;
  readonly transports: readonly ('tcp' | 'udp')[];
  /** Who may begin, and with whom. */
  readonly opener: PolicySide;
  readonly acceptor: PolicySide;
  readonly ports: PortRange;
  /** The end whose port lies in `ports`. */
  readonly portEnd: 'opener' | 'acceptor' | 'either';
  /** Over UDP either end may speak first. */
  readonly isBothWays: boolean;
  /** `never`: the table keeps this port closed to the outside. */
  readonly permission: 'permit' | 'never';
  /** Rules with the same group are alternatives: at least one of them must be open. */
  readonly group: string | null;
  /** Seconds since 1970 at which an exception ends; null for rules without end. */
  readonly endsAt: number | null;
}

export interface SitePolicy {
  readonly name: string | null;
  readonly networks: readonly PolicySide[];
  readonly servers: readonly SiteServer[];
  readonly rules: readonly SiteRule[];
}

/** Something wrong in a policy file; lines and columns count from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Everything that is wrong with the text, in order; never empty. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super(problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n'));
    this.problems = problems;
  }
}
