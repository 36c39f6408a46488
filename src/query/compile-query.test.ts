import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, networkContains, parseNetwork } from '../format/address.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import { compileQuery } from './compile-query.ts';
import { QUERY_FIELDS } from './query-fields.ts';
import type { QuerySpan, QuerySubject } from './query-subject.ts';

/** 2026-11-21T09:58:20Z to 10:08:20Z. */
const SPAN: QuerySpan = { start: 1_795_255_100, end: 1_795_255_700 };

const BLOCKED_RTSP: QuerySubject = {
  id: 12,
  transport: 'tcp',
  protocol: 'rtsp',
  protocolLabel: 'RTSP',
  confidence: 'port',
  verdict: 'blocked',
  codes: ['tcp-unanswered'],
  outcome: 'unanswered',
  rule: 'wms9-rtsp',
  initiatorAddress: '10.1.7.10',
  responderAddress: '10.10.2.20',
  initiatorPort: 50000,
  responderPort: 554,
  vlans: [110],
  packets: 8,
  bytes: 592,
  loss: null,
  firstTime: SPAN.start + 60,
  lastTime: SPAN.start + 120,
  text: 'url: rtsp://camera.example/Live One',
};

const LOSSY_RTP: QuerySubject = {
  ...BLOCKED_RTSP,
  id: 13,
  transport: 'udp',
  protocol: 'rtp',
  protocolLabel: 'RTP',
  verdict: 'ok',
  codes: [],
  initiatorAddress: 'fd00:1::10',
  responderAddress: 'fd00:2::20',
  responderPort: 5004,
  vlans: [],
  packets: 2_500_000,
  loss: 2.5,
  rule: null,
  firstTime: null,
  lastTime: null,
  text: '',
};

function matches(text: string, subject = BLOCKED_RTSP): boolean {
  const query = compileQuery(text, SPAN);
  if (!query.ok) throw new Error(`${query.error} at ${query.position}`);
  return query.matches(subject);
}

function errorOf(text: string): { error: string; position: number } | null {
  const query = compileQuery(text, SPAN);
  return query.ok ? null : { error: query.error, position: query.position };
}

describe('the filter expression', () => {
  it('matches everything when it is empty', () => {
    expect(matches('')).toBe(true);
    expect(matches('  ')).toBe(true);
  });

  it.each([
    'rtsp',
    'RTSP',
    'unanswered',
    '10.10.2.20',
    '10.10.2.20:554',
    ':554',
    '554',
    'camera',
    '"live one"',
    'rtsp://camera',
    'proto:rtsp',
    'proto:RTP,rtsp',
    'verdict:blocked',
    'blocked',
    'code:tcp-unanswered',
    'code:tcp',
    'transport:tcp',
    'outcome:unanswered',
    'confidence:port',
    'rule:wms9',
    'host:10.1/16',
    'host:10.1.7',
    'host:10.10.2.20',
    'from:10.1.7.10',
    'to:10.10.2.0/24',
    'port:554',
    'port:1,500-600',
    'port>50',
    'id:12',
    'flow=12',
    'vlan:110',
    'packets<100',
    'bytes>=592',
    'packets!=9',
    'verdict!=ok',
    'host!=10.3/16',
    'since:10:00',
    'since:+60s',
    'since:-10m',
    'until:10:00:20',
    'until:2026-11-21T10:02Z',
    'since:2026-11-21T10:59+01:00',
    'since:2026-11-21',
    '!background',
    '-proto:rtp not udp',
    'proto:rtp | port:554',
    'udp or tcp and port:554',
    'proto:rtsp (verdict:ok | verdict:blocked)',
    '!(udp | verdict:ok)',
    '!!blocked',
  ])('lets a blocked RTSP flow through %s', (text) => {
    expect(matches(text)).toBe(true);
  });

  it.each([
    'rtmp',
    '!blocked',
    'proto:rts',
    'proto:rtp',
    'verdict:ok',
    'code:multicast',
    'host:10.2/16',
    'host:10.1.70',
    'to:10.1.7.10',
    'port:5540',
    'port!=554',
    'packets>8',
    'loss>0',
    'loss<100',
    'since:10:01:30',
    'since:+121s',
    'since:-7m',
    'until:+59',
    'proto:rtsp port:555',
    'rtsp (ok | refused)',
    '"blocked"',
  ])('holds a blocked RTSP flow back at %s', (text) => {
    expect(matches(text)).toBe(false);
  });

  it('compares loss in percent, sizes with k, M and G, and IPv6 networks', () => {
    for (const text of [
      'loss>1%',
      'loss<=2.5',
      'packets>2M',
      'packets<3m',
      'host:fd00:1::/32',
      'to:fd00:2::20',
      'fd00:1::10',
      '[fd00:2::20]:5004',
    ]) {
      expect([text, matches(text, LOSSY_RTP)]).toEqual([text, true]);
    }
    expect(matches('host:10/8', LOSSY_RTP)).toBe(false);
  });

  it('knows a protocol by its id, by its name, and as unknown', () => {
    const call = { ...BLOCKED_RTSP, protocol: 'h323-q931', protocolLabel: 'H.225 call' };
    for (const text of ['proto:h323-q931', 'proto:h323', 'proto:"H.225 call"']) expect(matches(text, call)).toBe(true);
    expect(matches('proto:unknown', call)).toBe(false);
    expect(matches('proto:unknown', { ...call, protocol: null })).toBe(true);
  });

  it('never finds a flow without packets by its time', () => {
    expect(matches('since:+0', LOSSY_RTP)).toBe(false);
    expect(matches('until:+600', LOSSY_RTP)).toBe(false);
  });

  it('takes a time of day before the start as that of the next day only when the capture runs until then', () => {
    const overMidnight = compileQuery('since:00:10', { start: 86_400 - 600, end: 86_400 + 1800 });
    expect(overMidnight.ok && overMidnight.matches({ ...BLOCKED_RTSP, lastTime: 86_400 + 60 })).toBe(false);
    expect(overMidnight.ok && overMidnight.matches({ ...BLOCKED_RTSP, lastTime: 86_400 + 601 })).toBe(true);
    expect(matches('since:09:00')).toBe(true);
  });

  it.each([
    ['prot:rtsp', 0, 'no field'],
    ['rtsp verdict:blokced', 13, 'no such value'],
    ['port:http', 5, 'not a number'],
    ['port:5005-5004', 5, 'ends before it begins'],
    ['host:camera', 5, 'not an address'],
    ['host>10.1', 5, 'no order'],
    ['since:noon', 6, 'not a time'],
    ['since:24:00', 6, 'not a time of day'],
    ['since:23:60', 6, 'not a time of day'],
    ['verdict:,', 8, 'names nothing'],
    ['since>10:00', 6, 'colon'],
    ['proto:', 6, 'needs a value'],
    ['(rtsp', 0, 'never closed'],
    ['rtsp)', 4, 'never opened'],
    ['rtsp |', 6, 'missing'],
    ['| rtsp', 0, 'missing'],
    ['!', 1, 'missing'],
    ['say "hello', 4, 'quote'],
  ])('says what is wrong and where in %s', (text, position, words) => {
    const found = errorOf(text);
    expect(found?.position).toBe(position);
    expect(found?.error).toContain(words);
  });

  it('refuses nesting that nobody writes instead of running out of stack', () => {
    expect(errorOf('('.repeat(100_000))?.error).toBe('too many levels');
    expect(errorOf(`${'!'.repeat(100_000)}x`)?.error).toBe('too many levels');
  });

  it('understands the example of every field', () => {
    for (const field of QUERY_FIELDS) expect(errorOf(field.example)).toBeNull();
  });

  it('answers anything that is typed, and the same turned round', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const query = compileQuery(text, SPAN);
        const turned = compileQuery(`!(${text})`, SPAN);
        if (query.ok && turned.ok) return query.matches(BLOCKED_RTSP) !== turned.matches(BLOCKED_RTSP);
        return query.ok || (query.position >= 0 && query.position <= text.length);
      }),
    );
  });
});

describe('addresses in a filter', () => {
  const octet = fc.constantFrom(0, 1, 10, 11, 100, 101, 110, 210);
  const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => Uint8Array.from(octets));
  const ipv6 = fc.array(octet, { minLength: 16, maxLength: 16 }).map((octets) => Uint8Array.from(octets));
  const port = fc.constantFrom(0, 1, 10, 110, 5540);
  const numberOf = (address: Uint8Array): number =>
    address.length === 4 ? address.reduce((sum, octet) => sum * 256 + octet, 0) : -1;
  /** Nothing of it but its ends has digits or colons. */
  const plain: QuerySubject = { ...BLOCKED_RTSP, text: '', codes: [], protocol: null, protocolLabel: '' };
  const typed = fc.record({
    address: fc.oneof(ipv4, ipv6),
    port,
    from: fc.nat(45),
    length: fc.integer({ min: 1, max: 9 }),
  });

  it('are found as they are written with their ports, whatever part of that is typed', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), port, typed, (bytes, itsPort, { address, port, from, length }) => {
        const text = formatAddress(bytes);
        const ends = { initiatorAddress: text, responderAddress: text, initiatorPort: itsPort, responderPort: itsPort };
        const numbers = { initiatorIpv4: numberOf(bytes), responderIpv4: numberOf(bytes) };
        for (const other of [formatEndpoint(formatAddress(address), port), formatEndpoint(text, itsPort)]) {
          const word = other.slice(from % other.length, (from % other.length) + length);
          const isFound = /[:[\]]/.test(word)
            ? formatEndpoint(text, itsPort).includes(word)
            : text.includes(word) || String(itsPort).includes(word);
          expect(matches(`"${word}"`, { ...plain, ...ends }), `${word} in ${text}, ${itsPort}`).toBe(isFound);
          expect(matches(`"${word}"`, { ...plain, ...ends, ...numbers }), `${word} in ${text}, ${itsPort}`).toBe(
            isFound,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of flows without ports have nothing behind them', () => {
    const ends = { initiatorAddress: '10.1.2.3', responderAddress: '10.1.2.4', initiatorPort: 0, responderPort: 0 };
    const portless = { ...plain, ...ends };
    const numbers = { initiatorIpv4: 0x0a010203, responderIpv4: 0x0a010204 };
    for (const subject of [portless, { ...portless, ...numbers }]) {
      expect([matches('"2.3"', subject), matches('"2.3:"', subject), matches('":0"', subject)]).toEqual([
        true,
        false,
        false,
      ]);
    }
  });

  it('are within the same networks as numbers and as text', () => {
    fc.assert(
      fc.property(ipv4, fc.option(ipv4), fc.nat(32), (address, other, prefixLength) => {
        const network = `${formatAddress(other ?? address)}/${prefixLength}`;
        const text = { ...plain, initiatorAddress: formatAddress(address), responderAddress: 'fd00::1' };
        const subject = { ...text, initiatorIpv4: numberOf(address), responderIpv4: -1 };
        const parsed = parseNetwork(network);
        const isWithin = parsed !== null && networkContains(parsed, address);
        expect([matches(`from:${network}`, text), matches(`from:${network}`, subject)]).toEqual([isWithin, isWithin]);
        expect(matches(`host:${network},fd00::/8`, subject)).toBe(true);
        expect(matches(`to:${network}`, subject)).toBe(false);
      }),
    );
  });
});
