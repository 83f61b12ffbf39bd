import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { encoded, patient, sinkTools } from '../../../test/kit/sink-compliance.ts';
import { Fault } from '../../domain/fault.ts';
import { Secret } from '../../kit/secret.ts';
import { addressRule } from './addresses.ts';
import { WebhookSettings } from './settings.ts';
import { webhookSink } from './webhook-sink.ts';

test.each([
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '0.0.0.0',
  '224.0.0.1',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[::]',
])('%s is never connected to', (host) => {
  expect(() => addressRule(true).assertHost(host)).toThrow(Fault);
});

test.each(['127.0.0.1', '10.1.2.3', '192.168.0.9', '[::1]', '[fd12::1]', '203.0.113.7', 'siem.example.com'])(
  '%s is allowed where private networks are',
  (host) => {
    addressRule(true).assertHost(host);
  },
);

test.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '100.64.0.1', '[::1]', '[fd12::1]', '[::ffff:10.0.0.1]'])(
  '%s is refused where private networks are not allowed',
  (host) => {
    expect(() => addressRule(false).assertHost(host)).toThrow('private');
  },
);

test('a name that leads to a forbidden address is refused when the connection is made', async () => {
  const failure = await new Promise<unknown>((resolve) => {
    addressRule(false).lookup('localhost', { all: true }, (error) => resolve(error));
  });

  expect(failure).toMatchObject({ kind: 'misconfigured', message: expect.stringContaining('localhost') as string });
});

test('a name is looked up as Node asks: one address or all', async () => {
  const { lookup } = addressRule(true);
  const one = await new Promise((resolve) => lookup('127.0.0.1', {}, (_error, address) => resolve(address)));
  const all = await new Promise<LookupAddress[]>((resolve) => {
    lookup('127.0.0.1', { all: true }, (_error, addresses) => resolve(addresses as LookupAddress[]));
  });

  expect(one).toBe('127.0.0.1');
  expect(all).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

test.each([
  ['https://2852039166/', {}], // 169.254.169.254 as one number
  ['https://0xa9.0xfe.0xa9.0xfe/', {}],
  ['https://localhost/', { allow_private: false }],
])('a sink to %s holds instead of connecting', async (url, yaml) => {
  const secret = new Secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, '');
  const sink = webhookSink(WebhookSettings.parse({ url, secret, ...yaml }), sinkTools());

  await expect(sink.send(encoded('a'), patient())).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(sink.check(patient())).rejects.toMatchObject({ kind: 'misconfigured' });
  await sink.close();
});
