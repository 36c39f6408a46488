/** The tracks of RTSP sessions: what SETUP agreed on, and how far PLAY, PAUSE and TEARDOWN have brought it. */

import type { AnnouncedMedia, ControlRecord } from '../control-record.ts';
import type { Moment } from '../dissector.ts';
import { type Agreement, announceTrack } from './announce-track.ts';
import { controlKey } from './control-url.ts';
import { isRtcpType } from './interleaved.ts';
import type { TransportSpec } from './transport-header.ts';

const MOST_TRACKS = 128;

interface Track {
  readonly key: string;
  /** Empty when not told. */
  readonly session: string;
  readonly spec: TransportSpec;
  readonly media: readonly AnnouncedMedia[];
}

/** Which tracks a request is about: those of its session, and of these only one when the URL is that of a track. */
export interface Scope {
  readonly url: string;
  readonly session: string;
}

export class Tracks {
  readonly #record: ControlRecord;
  #tracks: Track[] = [];
  readonly #channels = new Map<number, 'rtp' | 'rtcp' | 'other'>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  /** A SETUP of a track that has another way already: the client gave that way up, if it offers it no more. */
  offer(url: string, offers: readonly TransportSpec[], at: Moment): void {
    const [preferred] = offers;
    if (!preferred) return;
    for (const track of this.#tracks) {
      if (track.key !== controlKey(url) || offers.some((offer) => isSameWay(offer, track.spec))) continue;
      for (const media of track.media) media.fellBack(at, `SETUP ${preferred.text}`);
    }
  }

  /** The answer to SETUP; takes the place of what was agreed for the same track before. */
  agree(scope: Scope, agreement: Agreement): void {
    const { spec } = agreement;
    const key = controlKey(scope.url);
    const replaced = this.#tracks.filter((track) => track.key === key && key !== '');
    const track = { key, session: scope.session, spec, media: announceTrack(this.#record, agreement) };
    this.#nameChannels(spec);
    this.#tracks = [...this.#tracks.filter((known) => !replaced.includes(known)), track].slice(-MOST_TRACKS);
    this.#endUnshared(replaced, agreement.at);
  }

  start(scope: Scope, at: Moment): void {
    for (const media of this.#mediaOf(scope)) media.start(at);
  }

  pause(scope: Scope, at: Moment): void {
    for (const media of this.#mediaOf(scope)) media.pause(at);
  }

  /** True when no track is left. */
  end(scope: Scope, at: Moment): boolean {
    const ending = this.#select(scope);
    this.#tracks = this.#tracks.filter((track) => !ending.includes(track));
    this.#endUnshared(ending, at);
    return this.#tracks.length === 0;
  }

  endAll(at: Moment): void {
    for (const media of this.#record.media) media.end(at);
    this.#tracks = [];
  }

  /** What an interleaved channel carries, from SETUP or, where that was not seen, from the packet's second byte. */
  protocolOfChannel(channel: number, secondByte: number): 'rtp' | 'rtcp' | 'other' {
    return this.#channels.get(channel) ?? (isRtcpType(secondByte) ? 'rtcp' : 'rtp');
  }

  #nameChannels(spec: TransportSpec): void {
    const channels = spec.interleaved;
    if (!channels || channels.first > 255) return;
    this.#channels.set(channels.first, spec.protocol === 'rtp' ? 'rtp' : 'other');
    if (channels.second !== null && channels.second <= 255 && channels.second !== channels.first) {
      this.#channels.set(channels.second, spec.protocol === 'rtp' ? 'rtcp' : 'other');
    }
  }

  #mediaOf(scope: Scope): AnnouncedMedia[] {
    return this.#select(scope).flatMap((track) => track.media);
  }

  #select(scope: Scope): Track[] {
    const ofSession = this.#tracks.filter(
      (track) => scope.session === '' || track.session === '' || track.session === scope.session,
    );
    const named = ofSession.filter((track) => track.key === controlKey(scope.url));
    return named.length > 0 ? named : ofSession;
  }

  #endUnshared(gone: readonly Track[], at: Moment): void {
    for (const media of gone.flatMap((track) => track.media)) {
      if (!this.#tracks.some((track) => track.media.includes(media))) media.end(at);
    }
  }
}

function isSameWay(one: TransportSpec, other: TransportSpec): boolean {
  return one.lower === other.lower && one.isMulticast === other.isMulticast;
}
