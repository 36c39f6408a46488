/** Windows Media over HTTP: playing (MS-WMSP) and pushing (MS-WMHTTP). */

import { type ControlRecord, keep } from '../control-record.ts';
import type { Direction, Moment, PayloadContext } from '../dissector.ts';
import { describeHresult, formatHresult, isFailure } from '../mms/hresult.ts';
import type { MessageHead } from '../text/message-head.ts';
import { MmshFrames, type MmshPacketId } from './mmsh-frames.ts';
import { mediaTypeOf } from './streaming-kind.ts';

const AGENTS = /^(NSPlayer|NSServer|WMCacheProxy)\//i;
const PLAYER_PRAGMA = /xClientGUID=|xPlayStrm=|xStopStrm=|xPlayNextEntry=|xKeepAliveInPause=/i;
const PUSH_TYPES = /^application\/x-wms-push(setup|start)$/;
const SERVER_TYPES = /^application\/(x-mms-framed|vnd\.ms\.wms-hdr\.asfv1|x-wms-\w+)$/;
/** $E and $C: the next entry of a playlist follows. */
const MORE_FOLLOWS = 1;

export function isWindowsMediaRequest(head: MessageHead): boolean {
  return (
    AGENTS.test(head.get('user-agent')) || PLAYER_PRAGMA.test(head.list('pragma')) || PUSH_TYPES.test(mediaTypeOf(head))
  );
}

/** `Cougar` is the name of the server's HTTP side. */
export function isWindowsMediaAnswer(head: MessageHead): boolean {
  return /^Cougar\b/i.test(head.get('server')) || SERVER_TYPES.test(mediaTypeOf(head));
}

export class WindowsMedia {
  readonly #record: ControlRecord;
  #hasHeader = false;
  #hasData = false;

  constructor(record: ControlRecord) {
    this.#record = record;
    record.identity = 'mmsh';
  }

  /** What the request is for, in the specification's words. */
  request(method: string, target: string, head: MessageHead, at: Moment): string {
    const pragma = head.list('pragma');
    const type = mediaTypeOf(head);
    this.#record.fact('stream', decodeTarget(target));
    if (PUSH_TYPES.test(type)) {
      this.#record.variant = 'push';
      return type.endsWith('setup') ? 'push setup' : 'push start';
    }
    if (/^NSServer\//i.test(head.get('user-agent'))) this.#record.variant = 'pull by a server';
    if (/xStopStrm=1/i.test(pragma)) {
      this.#record.closedAt ??= keep(at);
      return 'stop';
    }
    if (/xKeepAliveInPause=1/i.test(pragma)) return 'keep alive';
    if (type === 'application/x-wms-logstats' || type === 'application/x-wms-sendevent') return 'log';
    if (method !== 'GET') return '';
    return /xPlayStrm=1/i.test(pragma) ? 'play' : 'describe';
  }

  answer(head: MessageHead): void {
    const pragma = head.list('pragma');
    if (/features="[^"]*broadcast/i.test(pragma)) this.#record.fact('content', 'live');
    else if (/features="/i.test(pragma)) this.#record.fact('content', 'stored');
    this.#record.fact('clientId', /client-id=(\d+)/i.exec(pragma)?.[1] ?? '');
    // A web server that gives the file away is no media server, but the viewer may be served.
    if (!isWindowsMediaAnswer(head)) this.#record.fact('foreignServer', head.get('server'));
  }

  /** Follows the packets of one body; `isWithin` when its beginning is not there. */
  listen(context: () => PayloadContext, isWithin = false): MmshFrames {
    return new MmshFrames((id, reason) => this.#packet(id, reason, context().direction, context().at), isWithin);
  }

  #packet(id: MmshPacketId, reason: number, direction: Direction, at: Moment): void {
    const record = this.#record;
    switch (id) {
      case 'header':
        if (!this.#hasHeader) record.message(at, direction, '$H', 'ASF header');
        this.#hasHeader = true;
        break;
      case 'data':
        if (!this.#hasData) record.message(at, direction, '$D', 'first data');
        this.#hasData = true;
        break;
      case 'stream change':
        record.message(at, direction, '$C', 'another stream follows');
        this.#hasHeader = false;
        break;
      case 'end':
        this.#end(reason, direction, at);
        break;
    }
  }

  #end(reason: number, direction: Direction, at: Moment): void {
    if (reason === MORE_FOLLOWS) {
      this.#record.message(at, direction, '$E', 'the next entry of the playlist follows');
      return;
    }
    this.#record.closedAt ??= keep(at);
    if (!isFailure(reason)) {
      this.#record.message(at, direction, '$E', 'end of the stream');
      return;
    }
    const words = describeHresult(reason);
    this.#record.message(at, direction, '$E', `${formatHresult(reason)} ${words}`);
    this.#record.refuse(at, direction, 'play', formatHresult(reason), words);
  }
}

function decodeTarget(target: string): string {
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\//, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
