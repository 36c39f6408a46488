import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { communityId } from './community-id.ts';

const CLIENT = { address: '128.232.110.120', port: 34_855 };
const WEB = { address: '66.35.250.204', port: 80 };

it('is that of the baseline which the specification publishes, whoever began', () => {
  expect(communityId('tcp', CLIENT, WEB)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  expect(communityId('tcp', WEB, CLIENT)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
});

it('hashes IPv6 after IPv4 without a trace of it', () => {
  communityId('tcp', CLIENT, WEB);
  const message = Buffer.concat([
    Buffer.from([0, 0]),
    Buffer.from(`20010db8${'0'.repeat(23)}1`, 'hex'),
    Buffer.from(`20010db8${'0'.repeat(23)}2`, 'hex'),
    Buffer.from([17, 0, 0x13, 0x8c, 0x02, 0x2a]),
  ]);
  const expected = `1:${createHash('sha1').update(message).digest('base64')}`;
  const [low, high] = [
    { address: '2001:db8::1', port: 5004 },
    { address: '2001:db8::2', port: 554 },
  ];
  expect(communityId('udp', high, low)).toBe(expected);
});

it('is null for what has no ports', () => {
  expect(communityId('icmp', CLIENT, WEB)).toBeNull();
});
