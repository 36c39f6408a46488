/** What is published of media: how each stream was measured, over time too. Immutable, and safe to send between threads. */

import type { RelativeTime } from './snapshot.ts';

/** What came over time. Buckets have one width, which depends on how long it all took; the last is the last that holds anything. */
export interface RateSeriesRow {
  /** Where the first bucket begins. */
  readonly firstTime: RelativeTime;
  readonly bucketMs: number;
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
}

export interface StreamSeriesRow extends RateSeriesRow {
  /** Packets of RTP; else cells of MPEG-TS; else segments of TCP that were sent again. */
  readonly lost: readonly number[];
  /** Zero where the clock is not known. */
  readonly maxJitterMs: readonly number[];
}

/** Quality of the media in one flow; null fields are what the capture does not show. */
export interface MediaRow {
  readonly streams: readonly MeasuredStreamRow[];
  /** How TCP carries them; null for datagrams. */
  readonly connection: ConnectionRow | null;
}

/** The direction of a TCP connection that carries the media. Counts begin where it was first known to. */
export interface ConnectionRow {
  readonly direction: 'toResponder' | 'toInitiator';
  /** Segments with data, and bytes of it that were not sent before. */
  readonly segments: number;
  readonly bytes: number;
  readonly bitsPerSecond: number | null;
  /** Segments that had passed here before: they, or their acknowledgement, were lost behind this point. */
  readonly sentAgain: number;
  /** Segments that came late for the first time: lost before this point. */
  readonly filledLate: number;
  /** Segments that only came in another order. */
  readonly overtaken: number;
  /** Acknowledged by the receiver, and not in the capture. */
  readonly bytesNotCaptured: number;
  /** From the SYN to its answer: from this point to the responder and back. */
  readonly handshakeMs: number | null;
  /** From this point and back, by data and its acknowledgement; delayed acknowledgements are in the mean. */
  readonly roundTripToReceiver: RoundTripRow | null;
  readonly roundTripToSender: RoundTripRow | null;
  /** Times that the receiver had no room, and for how long. */
  readonly zeroWindows: number;
  readonly zeroWindowMs: number;
  /** Pauses of a second and more in the data that no question explains, and what they waited for in all. */
  readonly stalls: number;
  readonly longestGapMs: number;
  readonly waitedMs: Readonly<Record<'sender' | 'receiver' | 'network', number>>;
  /** Null where nothing that was seen limits it. */
  readonly limitedBy: 'sender' | 'receiver' | 'network' | null;
}

export interface RoundTripRow {
  readonly minMs: number;
  readonly meanMs: number;
}

/** One stream of media: one SSRC and direction of RTP; or one direction of MPEG-TS over UDP, or of TCP that carries media. */
export interface MediaStreamRow {
  readonly direction: 'toResponder' | 'toInitiator';
  readonly ssrc: number | null;
  readonly payloadType: number | null;
  readonly codec: string | null;
  /** Hz. */
  readonly clockRate: number | null;
  readonly packets: number;
  readonly bytes: number;
  readonly expected: number | null;
  readonly lost: number | null;
  /** Milliseconds, RFC 3550 section 6.4.1. */
  readonly meanJitterMs: number | null;
  readonly maxJitterMs: number | null;
  readonly maxDeltaMs: number | null;
  readonly firstTime: RelativeTime;
  readonly lastTime: RelativeTime;
}

/** What its packets tell beyond that; a stream that is not RTP has no numbering, and so no loss, copies or order. */
export interface MeasuredStreamRow extends MediaStreamRow, ReportedRow {
  /** Jitter is measured by an announced or a fixed clock only, never by an estimated one. */
  readonly clockSource: 'announced' | 'payload type' | 'estimated' | 'unknown';
  readonly payloadTypeChanges: number;
  /** Sent twice by the sender or the network; copies of the span are not among them. */
  readonly duplicates: number;
  readonly reordered: number;
  /** Holes in the numbering, and the longest of them in packets. */
  readonly lossEvents: number;
  readonly longestLoss: number;
  /** Times that the sender began a new numbering. */
  readonly restarts: number;
  readonly minDeltaMs: number | null;
  readonly meanDeltaMs: number | null;
  /** Positive where timestamps run ahead of arrival. */
  readonly maxSkewMs: number | null;
  /** How much faster than the capture's the sender's clock runs. */
  readonly clockDriftPpm: number | null;
  /** Pauses of a voice that no packet of it fills, and how long they were in all. */
  readonly silences: number;
  readonly silenceMs: number;
  /** SSRC of the stream of this flow and direction that ended before this one began: the sender began anew. */
  readonly replaces: number | null;
  /** Id of another flow in which the same packets come: its ST 2022-7 twin, or itself before or behind an address translation. */
  readonly twin: number | null;
  /** Null where so many streams were measured that there was no place for it. */
  readonly series: StreamSeriesRow | null;
  /** Null for a stream that carries no MPEG-TS. */
  readonly transport: TransportStreamRow | null;
  /** Null for a stream that is not known to be video. */
  readonly video: VideoRow | null;
  /**
   * Opinion score of a voice codec by the E-model (ITU-T G.107), 1 to 4.5, for what arrives here: loss and its bursts count,
   * delay and echo do not show. Null for anything that is no narrow-band voice.
   */
  readonly mos: number | null;
}

/** What the ends of a stream say of it by RTCP. */
export interface ReportedRow {
  /** As the sender's last report counts them, null without one. */
  readonly packetsSent: number | null;
  /** Of the sender, by its source description (CNAME); safe to print. */
  readonly name: string | null;
  /** When the sender said BYE. */
  readonly goodbyeTime: RelativeTime | null;
  /** Null for a stream that is not RTP. */
  readonly requests: MediaRequestsRow | null;
  readonly receivers: readonly MediaReceiverRow[];
}

/** What receivers asked of the sender. */
export interface MediaRequestsRow {
  /** Messages that ask for packets again (NACK), and how many packets they ask for. */
  readonly nacks: number;
  readonly packetsAskedFor: number;
  /** For a picture that can be decoded without others (PLI and FIR). */
  readonly pictureLoss: number;
  readonly fullIntraRequests: number;
}

/** MPEG-TS in a stream: over RTP, or straight over UDP. */
export interface TransportStreamRow {
  readonly cells: number;
  readonly nullCells: number;
  /** Places where cells are missing or out of order, and how many are missing at least; null where the snap length hides cells. */
  readonly continuityErrors: number | null;
  readonly lostCells: number | null;
  /** Cells that someone on the way has marked as damaged, and cells that do not begin as one must. */
  readonly transportErrors: number;
  readonly syncErrors: number;
  readonly scrambledCells: number;
  /** By its own clock; null without enough of its references. */
  readonly bitsPerSecond: number | null;
  readonly isConstantRate: boolean | null;
  /** RFC 4445; null for all but constant rates, for which alone it is defined. */
  readonly deliveryIndex: DeliveryIndexRow | null;
  readonly programmes: readonly ProgrammeRow[];
  readonly pids: readonly PidRow[];
}

export interface VideoRow {
  readonly frames: number;
  readonly framesPerSecond: number | null;
  /** Frames at which a decoder can begin; null where the codec does not show them. */
  readonly keyFrames: number | null;
  readonly meanKeyFrameIntervalMs: number | null;
  readonly maxKeyFrameIntervalMs: number | null;
  /** By its parameter sets, in the stream or as announced. */
  readonly width: number | null;
  readonly height: number | null;
  readonly profile: string | null;
  readonly level: string | null;
  readonly parameterChanges: number;
}

export interface DeliveryIndexRow {
  readonly meanDelayFactorMs: number;
  readonly maxDelayFactorMs: number;
  /** Cells in the worst second. */
  readonly maxLossRate: number;
}

export interface ProgrammeRow {
  readonly number: number;
  /** Safe to print; null where no table says. */
  readonly name: string | null;
  readonly provider: string | null;
  readonly streams: readonly { readonly pid: number; readonly type: string }[];
  readonly clock: ProgrammeClockRow | null;
}

/** Clock references of a programme. */
export interface ProgrammeClockRow {
  readonly pid: number;
  readonly references: number;
  readonly maxIntervalMs: number;
  /** Their arrival against what they say: smoothed as RFC 3550 does, and the largest single deviation. */
  readonly maxJitterMs: number;
  readonly maxDeviationMs: number;
  readonly discontinuities: number;
  readonly driftPpm: number | null;
}

export interface PidRow {
  readonly pid: number;
  /** `PAT`, `H264`; null where no table says. */
  readonly content: string | null;
  readonly cells: number;
  readonly continuityErrors: number | null;
  readonly lostCells: number | null;
  /** Sent twice in a row, as the standard permits. */
  readonly copies: number;
  readonly scrambledCells: number;
}

/** How one receiver of a stream sees it, by its RTCP reports. */
export interface MediaReceiverRow {
  readonly ssrc: number;
  /** By its source description (CNAME); safe to print. */
  readonly name: string | null;
  readonly goodbyeTime: RelativeTime | null;
  readonly reports: number;
  /** In all, as its last report counts; negative where copies came. */
  readonly lost: number;
  /** Highest share between two reports. */
  readonly worstLossPercent: number;
  /** Null where the clock is not known. */
  readonly jitterMs: number | null;
  readonly maxJitterMs: number | null;
  /** From this capture point to the receiver and back. */
  readonly roundTripMs: number | null;
  /** On which side of the capture point packets were lost; null where none were, or the reports do not tell. */
  readonly lossPlace: 'before' | 'after' | 'both' | 'capture' | null;
  /** By its extended reports (RFC 3611), null without one on voice. */
  readonly voice: VoiceReportRow | null;
}

/** As a telephone measures its own call. */
export interface VoiceReportRow {
  readonly lossPercent: number;
  /** Came too late or too early to be played. */
  readonly discardPercent: number;
  readonly roundTripMs: number;
  /** Opinion scores, 1 to 5. */
  readonly listeningScore: number | null;
  readonly conversationScore: number | null;
}
