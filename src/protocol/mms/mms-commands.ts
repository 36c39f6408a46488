/** Names of MMS messages by their number, MS-MMSP section 2.2.4; `LinkViewerToMac` and `LinkMacToViewer` are left out. */

import { TO_CLIENT } from './mms-message.ts';

/** Numbers of messages to the server. */
export const REQUEST = {
  connect: 0x01,
  connectFunnel: 0x02,
  openFile: 0x05,
  startPlaying: 0x07,
  stopPlaying: 0x09,
  closeFile: 0x0d,
  startStriding: 0x28,
} as const;

/** Numbers of messages to the client. */
export const REPORT = {
  connected: 0x01,
  connectedFunnel: 0x02,
  disconnectedFunnel: 0x03,
  startedPlaying: 0x05,
  openFile: 0x06,
  startStriding: 0x0a,
  readBlock: 0x11,
  funnelInfo: 0x15,
  securityChallenge: 0x1a,
  ping: 0x1b,
  endOfStream: 0x1e,
  streamSwitch: 0x21,
  redirect: 0x22,
} as const;

const REQUEST_NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'Connect'],
  [0x02, 'ConnectFunnel'],
  [0x05, 'OpenFile'],
  [0x07, 'StartPlaying'],
  [0x09, 'StopPlaying'],
  [0x0d, 'CloseFile'],
  [0x15, 'ReadBlock'],
  [0x18, 'FunnelInfo'],
  [0x1a, 'SecurityResponse'],
  [0x1b, 'Pong'],
  [0x25, 'CancelReadBlock'],
  [0x28, 'StartStriding'],
  [0x32, 'Logging'],
  [0x33, 'StreamSwitch'],
]);

const REPORT_NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'ReportConnectedEX'],
  [0x02, 'ReportConnectedFunnel'],
  [0x03, 'ReportDisconnectedFunnel'],
  [0x05, 'ReportStartedPlaying'],
  [0x06, 'ReportOpenFile'],
  [0x0a, 'ReportStartStriding'],
  [0x11, 'ReportReadBlock'],
  [0x15, 'ReportFunnelInfo'],
  [0x1a, 'SecurityChallenge'],
  [0x1b, 'Ping'],
  [0x1e, 'ReportEndOfStream'],
  [0x20, 'ReportStreamChange'],
  [0x21, 'ReportStreamSwitch'],
  [0x22, 'ReportRedirect'],
]);

/** The request that a report answers; reports that carry no result of a request are absent. */
const ANSWERED: ReadonlyMap<number, string> = new Map([
  [REPORT.connected, 'Connect'],
  [REPORT.connectedFunnel, 'ConnectFunnel'],
  [REPORT.disconnectedFunnel, 'ConnectFunnel'],
  [REPORT.startedPlaying, 'StartPlaying'],
  [REPORT.openFile, 'OpenFile'],
  [REPORT.startStriding, 'StartStriding'],
  [REPORT.readBlock, 'ReadBlock'],
  [REPORT.funnelInfo, 'FunnelInfo'],
  [REPORT.endOfStream, 'StartPlaying'],
  [REPORT.streamSwitch, 'StreamSwitch'],
  [REPORT.redirect, 'OpenFile'],
]);

export function nameMessage(side: number, id: number): string {
  const name = (side === TO_CLIENT ? REPORT_NAMES : REQUEST_NAMES).get(id);
  return name ?? `message 0x${side.toString(16).padStart(4, '0')}${id.toString(16).padStart(4, '0')}`;
}

/** Name of the request that a report gives the result of, or null when it gives none. */
export function requestAnsweredBy(report: number): string | null {
  return ANSWERED.get(report) ?? null;
}
