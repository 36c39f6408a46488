import { describe, expect, it } from 'vitest';
import { at, CLIENT, captureCase, flowCase, hostInfo, seconds } from '../../test/case-builder.ts';
import type { CaptureCase, LookupCase } from './flow-case.ts';
import { checkNames } from './name-unresolved.ts';

const lookup = (changes: Partial<LookupCase> = {}): LookupCase => ({
  client: CLIENT,
  server: '10.10.1.1',
  name: 'media.example.com',
  firstAsked: at(1),
  lastAsked: at(1),
  asked: 1,
  outcome: 'no-such-name',
  answered: at(1.1),
  ...changes,
});

const silent = (changes: Partial<LookupCase> = {}): LookupCase =>
  lookup({ outcome: 'unanswered', answered: null, asked: 3, lastAsked: at(7), ...changes });

function titles(lookups: readonly LookupCase[], changes: Partial<CaptureCase> = {}): string[] {
  const hosts = [hostInfo(CLIENT, { reached: at(0) })];
  const capture = { ...captureCase([], { hosts }), lookups, ...changes };
  return checkNames(capture).map((draft) => draft.tell().title ?? '');
}

describe('a name that became no address', () => {
  it('is told with what the name server said', () => {
    expect(titles([lookup()])).toEqual(['media.example.com does not exist, says the name server']);
    expect(titles([lookup({ outcome: 'server-failure' })])[0]).toContain('failed or refused');
    expect(titles([silent()])[0]).toContain('does not answer');
  });

  it('is one story with others', () => {
    const names = Array.from({ length: 9 }, (_, i) => lookup({ name: `host${i}.example.com` }));
    expect(titles(names)).toHaveLength(1);
    expect(titles(names)[0]).toContain('host5.example.com, … ');
  });

  it('holds nothing that a terminal obeys', () => {
    expect(titles([lookup({ name: 'a\u001b[31m.example.com' })])[0]).not.toContain('\u001b');
  });

  it('is no matter where the client goes on to stream', () => {
    expect(titles([lookup()], { flows: [flowCase({ firstTime: seconds(9) })] })).toEqual([]);
    expect(titles([lookup()], { flows: [flowCase({ firstTime: seconds(50) })] })).toHaveLength(1);
  });

  it('is not one that systems ask for by themselves', () => {
    const names = ['wpad.example.com', 'media', '_ldap._tcp.example.com', '4.3.2.1.in-addr.arpa', 'printer.local'];
    expect(titles(names.map((name) => lookup({ name })))).toEqual([]);
  });

  it('is not yet one whose answer may come, or would not be seen', () => {
    expect(titles([silent({ asked: 1 })])).toEqual([]);
    expect(titles([silent({ lastAsked: at(59.5) })])).toEqual([]);
    expect(titles([silent()], { hosts: captureCase([]).hosts })).toEqual([]);
  });
});
