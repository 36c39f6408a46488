/** The funnel name of LinkViewerToMacConnectFunnel: where the client wants its media, MS-MMSP section 2.2.4.18. */

export interface Funnel {
  /** The client's own view of its address: behind NAT it is not the one that the server sees, and some clients make it up. */
  readonly address: string;
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
}

const SHAPE = /^\\\\([0-9A-Za-z.:%[\]-]{1,64})\\(TCP|UDP)\\(\d{1,5})$/i;

/** Null when `text` is not of the form `\\address\UDP\port`. */
export function parseFunnel(text: string): Funnel | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, address = '', transport = '', digits = ''] = match;
  const port = Number(digits);
  if (port === 0 || port > 65_535) return null;
  return { address, transport: transport.toUpperCase() === 'UDP' ? 'udp' : 'tcp', port };
}
