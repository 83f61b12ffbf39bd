import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['203.0.113.255', '203.0.113.0/24'],
  ['10.0.0.1', '10.0.0.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2::1', '2001:db8:1::/48'],
  ['2001:DB8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['2001:0:1::', '2001:0:1::/48'],
  ['::1', '::/48'],
])('%s lies in %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  '',
  'AWS Internal',
  'cloudformation.amazonaws.com',
  '256.1.1.1',
  '1.2.3',
  '1:2:3',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  '::12345',
  ':1',
])('%j is no address', (text) => {
  expect(networkOf(text)).toBeUndefined();
});
