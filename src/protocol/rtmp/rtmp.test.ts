import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { AUDIO, CONNECT, Connection, context, media, opened, VIDEO } from '../../../test/rtmp-connection.ts';
import { amf0, command, handshake, type Message, stream } from '../../../test/rtmp-messages.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { rtmp } from './rtmp.ts';

const CONNECTED = command(
  '_result',
  1,
  { fmsVer: 'FMS/5,0', capabilities: 31 },
  { level: 'status', code: 'NetConnection.Connect.Success', description: 'ok' },
);

function status(level: string, code: string, description = ''): Message {
  return { ...command('onStatus', 0, null, { level, code, description }), streamId: 1 };
}

describe('RTMP connection', () => {
  it('tells what a publisher sends', () => {
    const connection = opened();
    connection.send(TO_RESPONDER, stream(CONNECT));
    connection.send(TO_INITIATOR, stream(CONNECTED));
    const metadata = { width: 1280, height: 720, framerate: 29.97002997, encoder: 'obs-output' };
    connection.send(
      TO_RESPONDER,
      stream(
        command('createStream', 2, null),
        { ...command('publish', 3, null, 'cam?key=1', 'live'), streamId: 1 },
        { type: 18, body: amf0('@setDataFrame', 'onMetaData', metadata), chunkStream: 4, streamId: 1 },
        VIDEO,
        AUDIO,
        AUDIO,
        command('deleteStream', 4, null, 1),
      ),
      9,
    );
    expect(connection.facts).toEqual({
      app: 'live',
      tcUrl: 'rtmp://h/live',
      agent: 'FMLE/3.0',
      server: 'FMS/5,0',
      role: 'publish',
      stream: 'cam?key=1',
      url: 'rtmp://h/live/cam?key=1',
      width: '1280',
      height: '720',
      frameRate: '29.97',
      encoder: 'obs-output',
      videoCodec: 'H.264',
      audioCodec: 'AAC',
      videoMessages: '1',
      audioMessages: '2',
    });
    expect(connection.record.clientDirection).toBe(TO_RESPONDER);
    expect(connection.record.closedAt?.frame).toBe(9);
    expect(connection.record.refusals).toHaveLength(0);
  });

  it('answers its questions only when the other side does', () => {
    const connection = new Connection(TO_RESPONDER);
    expect(connection.record.questions[0]).toMatchObject({ request: 'handshake', answeredAt: null });
    connection.send(TO_INITIATOR, handshake(), 2);
    expect(connection.record.questions[0]?.answeredAt?.frame).toBe(2);
    connection.send(TO_RESPONDER, stream(CONNECT));
    expect(connection.record.questions[1]).toMatchObject({ request: 'connect', answeredAt: null });
    connection.send(TO_INITIATOR, stream(CONNECTED), 3);
    expect(connection.record.questions[1]?.answeredAt?.frame).toBe(3);
  });

  it('takes errors as refusals with their code and description', () => {
    const connection = opened();
    connection.send(TO_RESPONDER, stream(CONNECT, command('play', 0, null, 'missing')));
    const rejected = { level: 'error', code: 'NetConnection.Connect.Rejected', description: 'no such app' };
    connection.send(
      TO_INITIATOR,
      stream(command('_error', 1, null, rejected), status('error', 'NetStream.Play.StreamNotFound')),
    );
    expect(connection.record.refusals).toMatchObject([
      { request: 'connect', code: 'NetConnection.Connect.Rejected', words: 'no such app' },
      { request: 'play', code: 'NetStream.Play.StreamNotFound', words: 'NetStream.Play.StreamNotFound' },
    ]);
  });

  it('takes a server that closes instead of answering for one that refuses', () => {
    const connection = opened();
    connection.send(TO_RESPONDER, stream(CONNECT));
    connection.dissection.close?.(context(TO_INITIATOR, 7).at, TO_INITIATOR);
    connection.dissection.close?.(context(TO_RESPONDER, 8).at, TO_RESPONDER);
    expect(connection.record.refusals).toMatchObject([{ request: 'connect', code: 'closed', at: { frame: 7 } }]);
  });

  it('takes a server that lets a stream begin and closes at once for one that refuses', () => {
    const begin = (connection: Connection) => {
      connection.send(TO_RESPONDER, stream(CONNECT, command('publish', 3, null, 'cam')));
      connection.send(TO_INITIATOR, stream(CONNECTED, status('status', 'NetStream.Publish.Start')), 4);
      return connection;
    };
    const ended = begin(opened());
    ended.dissection.close?.(context(TO_INITIATOR, 5).at, TO_INITIATOR);
    expect(ended.record.refusals).toMatchObject([{ request: 'publish', code: 'closed', at: { frame: 5 } }]);
    const published = begin(opened());
    published.send(TO_RESPONDER, stream(VIDEO));
    published.dissection.close?.(context(TO_INITIATOR, 6).at, TO_INITIATOR);
    const unseen = opened();
    unseen.send(TO_INITIATOR, stream(CONNECTED, status('status', 'NetStream.Publish.Start')), 4);
    unseen.dissection.close?.(context(TO_INITIATOR, 5).at, TO_INITIATOR);
    const missed = begin(opened());
    missed.dissection.gap?.(TO_RESPONDER, 900, context(TO_RESPONDER, 5).at);
    missed.dissection.close?.(context(TO_INITIATOR, 6).at, TO_INITIATOR);
    expect([...unseen.record.refusals, ...missed.record.refusals]).toEqual([]);
    const gaveUp = begin(opened());
    gaveUp.dissection.close?.(context(TO_RESPONDER, 6).at, TO_RESPONDER);
    expect([...published.record.refusals, ...gaveUp.record.refusals]).toEqual([]);
  });

  it('does not take a client that gives up, nor a server that has sent media, for one that refuses', () => {
    const gaveUp = opened();
    gaveUp.send(TO_RESPONDER, stream(CONNECT));
    gaveUp.dissection.close?.(context(TO_RESPONDER).at, TO_RESPONDER);
    gaveUp.dissection.close?.(context(TO_INITIATOR).at, TO_INITIATOR);
    expect(gaveUp.record.refusals).toHaveLength(0);
    const played = opened();
    played.send(TO_RESPONDER, stream(command('play', 0, null, 'cam')));
    played.send(TO_INITIATOR, stream(VIDEO));
    played.dissection.close?.(context(TO_INITIATOR).at, TO_INITIATOR);
    expect(played.record.refusals).toHaveLength(0);
  });

  it('does not count calls that servers refuse as a matter of course', () => {
    const connection = opened();
    connection.send(TO_RESPONDER, stream(command('releaseStream', 2, null, 'cam')));
    connection.send(
      TO_INITIATOR,
      stream(command('_error', 2, null, { level: 'error', code: 'NetConnection.Call.Failed' })),
    );
    expect(connection.record.refusals).toHaveLength(0);
  });

  it('calls a refusal overcome when the same call succeeds later', () => {
    const connection = opened();
    connection.send(TO_INITIATOR, stream(status('error', 'NetStream.Publish.BadName')), 4);
    connection.send(TO_INITIATOR, stream(status('status', 'NetStream.Publish.Start')), 5);
    expect(connection.record.refusals[0]).toMatchObject({ request: 'publish', overcomeAt: { frame: 5 } });
  });

  it('reads AMF3 commands and Enhanced RTMP codecs', () => {
    const connection = opened();
    const amf3 = { type: 17, body: [0, ...amf0('createStream', 2, null)], chunkStream: 3 };
    const hevc = media(9, 400, [0x90, ...Buffer.from('hvc1')]);
    const opus = media(8, 60, [0x90, ...Buffer.from('Opus')]);
    connection.send(TO_RESPONDER, stream(amf3, hevc, opus));
    expect(connection.names).toEqual(['createStream', 'first video', 'first audio']);
    expect(connection.facts).toEqual({ videoCodec: 'H.265', audioCodec: 'Opus' });
  });

  it('reads the first tag of an aggregate message', () => {
    const connection = opened();
    const tag = [9, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x17, 1, 0, 0, 0, 0, 0, 0, 16];
    connection.send(TO_INITIATOR, stream({ type: 22, body: tag }));
    expect(connection.facts.videoCodec).toBe('H.264');
  });
});

describe.skipIf(!hasSharedCaptures)('RTMP in captures of real clients', () => {
  it('equals what Wireshark shows of a publisher and a player', async () => {
    const flows = await replaySharedCapture('lab/07-rtmp-publish-play-ok.pcap', rtmp);
    expect(flows.map((flow) => flow.record.facts.get('role'))).toEqual(['publish', 'play']);
    expect(flows.map((flow) => flow.record.facts.get('url'))).toEqual(
      new Array(2).fill('rtmp://10.10.2.20:1935/live/cam'),
    );
    const arrows = flows[1]?.record.messages.map(({ at, name }) => `${at.frame} ${name}`);
    expect(arrows?.filter((arrow) => !/handshake|first/.test(arrow))).toEqual([
      '300 connect',
      '308 Set Chunk Size',
      '308 _result',
      '316 createStream',
      '318 _result',
      '329 getStreamLength',
      '329 play',
      '329 Set Buffer Length',
      '331 Stream Begin',
      '334 onStatus',
      '334 |RtmpSampleAccess',
      '339 onMetaData',
      '1446 deleteStream',
      '1448 Stream EOF',
    ]);
    expect(flows[1]?.record.closedAt?.frame).toBe(1446);
  });

  it('tells why a server refused to play', async () => {
    const [flow] = await replaySharedCapture('protocols/rtmp_sample.cap', rtmp);
    expect(flow?.record.refusals).toMatchObject([
      { at: { frame: 25 }, request: 'play', code: 'NetStream.Play.Failed' },
    ]);
    expect(flow?.record.facts.get('agent')).toBe('WIN 9,0,47,0');
  });
});
