import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateWithin } from './inflate.ts';

describe('inflateWithin', () => {
  it('gives back what was compressed, wherever it stands', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), (content, offset) => {
        const bytes = Buffer.concat([new Uint8Array(offset), deflateSync(content), Uint8Array.of(7)]);
        expect([...(inflateWithin(bytes, offset, bytes.length - 1, 300) ?? [-1])]).toEqual([...content]);
      }),
    );
  });

  it('gives nothing of more than may be, of a part, or of what is none', () => {
    const bomb = deflateSync(new Uint8Array(10_000_000));
    expect(inflateWithin(bomb, 0, bomb.length, 65_536)).toBeNull();
    const some = deflateSync(Buffer.from('v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n'));
    expect(inflateWithin(some, 0, some.length - 5, 65_536)).toBeNull();
    expect(inflateWithin(some, 0, 1, 65_536)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        inflateWithin(Buffer.concat([Uint8Array.of(0x78, 0x9c), bytes]), 0, bytes.length + 2, 1000);
      }),
    );
  });
});
