/** Which ports a site may set, and within what bounds: what the makers' documents call configurable. */

import type { PortRange } from './port-row.ts';

export interface ConfigurablePorts {
  /** Ports may be set from here to there. */
  readonly bounds: PortRange;
  /** Only where the server is part of a cluster. */
  readonly isForClusters: boolean;
}

const ANY: PortRange = { first: 1, last: 65535 };
const within = (first: number, last: number): PortRange => ({ first, last });

/** "You can configure each server control protocol plug-in (RTSP, MMS, and HTTP) to use a specific port." */
const CONTROL_PROTOCOLS = [
  'wms9-rtsp',
  'wms9-mms-tcp',
  'wms9-mms-udp',
  'wms9-http',
  'wms9-encoder-push',
  'wms9-encoder-pull',
  'wms9-dist-rtsp',
  'wms9-dist-http',
  'wms9-multicast',
  'wms9-dist-multicast',
];
/** Of external servers the document gives the ports of the default setup only; those of standards are defaults too. */
const DEFAULT_SETUPS = [
  'ext-wm-rtsp',
  'ext-wm-http',
  'ext-darwin-rtsp',
  'ext-wowza-rtsp',
  'ext-wowza-rtmp',
  'std-rtsp',
  'std-rtmp',
  'std-h323-ras',
  'std-h323-call',
];
/** The document names them without any port. */
const SITE_SETTINGS = ['cs-h323-range', 'cs-network-pull', 'cs-streaming-range'];
/** The footnote of table 10-1: configurable in the site settings when in a cluster. */
const CLUSTER = ['cs-ras', 'cs-ras-cluster', 'cs-q931', 'cs-q931-cluster'];

const RANGES: Readonly<Record<string, PortRange>> = {
  'wms9-mmsu': within(1024, 5000),
  'wms9-dist-rtp': within(1024, 5000),
  'wms9-admin-dcom-tcp': within(1025, 65535),
  'wms9-admin-dcom-udp': within(1025, 65535),
  'wms41-udp-data': within(1024, 5000),
  'wms41-multicast': within(1, 65000),
  'wms41-msbd': within(1, 65000),
  'wms41-msbd-extra': within(1024, 5000),
  'wms41-dcom': within(1, 65000),
  'cs-dynamic-media': within(12000, 65535),
};

const entry = (row: string, bounds: PortRange, isForClusters = false): [string, ConfigurablePorts] => [
  row,
  { bounds, isForClusters },
];

export const CONFIGURABLE_PORTS: ReadonlyMap<string, ConfigurablePorts> = new Map([
  ...[...CONTROL_PROTOCOLS, ...DEFAULT_SETUPS, ...SITE_SETTINGS].map((row) => entry(row, ANY)),
  ...CLUSTER.map((row) => entry(row, ANY, true)),
  ...Object.entries(RANGES).map(([row, bounds]) => entry(row, bounds)),
]);
