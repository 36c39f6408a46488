/** One row of the makers' port tables. */

/** Whose port a row names: it is the port of the flow's end that plays this part. */
export type PortOwner =
  | 'server'
  | 'client'
  | 'group'
  | 'encoder'
  | 'origin server'
  | 'distribution server'
  | 'either side';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface PortRow {
  readonly id: string;
  /** Document and table. */
  readonly source: string;
  readonly scenario: string;
  /** As the document names it: `RTSP`, `HTTP streaming`, `MMSU`. */
  readonly protocol: string;
  readonly transports: readonly ('tcp' | 'udp')[];
  /** Null where the site configures the port. */
  readonly ports: PortRange | null;
  readonly portOf: PortOwner;
  /** Relative to the media server; `in/out` on TCP is one connection that the client opens. Null when the document is silent. */
  readonly direction: 'in' | 'out' | 'in/out' | null;
  /** Address ranges as text, empty when any. */
  readonly addresses: readonly string[];
  readonly openOnFirewall: 'yes' | 'no' | 'one of' | 'site setting' | null;
  readonly note: string;
}
