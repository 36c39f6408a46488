import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuery } from './compile-query.ts';
import { completeQuery, understoodPart } from './complete-query.ts';

function terms(text: string): string[] {
  return completeQuery(text, { proto: ['rtsp', 'rtp', 'rtmp'] }).map(({ term }) => term);
}

describe('what is typed', () => {
  it('goes on with the names of fields, as they are compared', () => {
    expect(terms('v')).toEqual(['verdict:', 'vlan:']);
    expect(terms('LO')).toEqual(['loss>']);
    expect(terms('rtsp (!ver')).toEqual(['verdict:']);
    expect(terms('')).toEqual([]);
    expect(terms('proto:rtsp ')).toEqual([]);
  });

  it('goes on with the values of a field, also behind others', () => {
    expect(terms('verdict:un')).toEqual(['verdict:unexpected', 'verdict:undetermined']);
    expect(terms('verdict:blocked,ref')).toEqual(['verdict:blocked,refused']);
    expect(terms('verdict:blocked')).toEqual([]);
    expect(terms('-code:tcp-un')).toEqual(['code:tcp-unanswered']);
    expect(terms('protocol:rt')).toEqual(['protocol:rtsp', 'protocol:rtp', 'protocol:rtmp']);
    expect(terms('host:10.')).toEqual([]);
  });

  it('keeps what stands before the term', () => {
    expect(completeQuery('rtsp | !verd')).toEqual([{ term: 'verdict:', text: 'rtsp | !verdict:' }]);
  });

  it('is left alone within quotes', () => {
    expect(terms('"a verd')).toEqual([]);
    expect(terms('"a b" verd')).toEqual(['verdict:']);
  });

  it('counts as far as it can be understood', () => {
    expect(understoodPart('proto:rtsp verdict:blo')).toBe('proto:rtsp');
    expect(understoodPart('proto:rtsp port:')).toBe('proto:rtsp');
    expect(understoodPart('(rtsp')).toBe('');
    expect(understoodPart('rtsp ')).toBe('rtsp ');
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => compileQuery(understoodPart(text)).ok));
  });
});
