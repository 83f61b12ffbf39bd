import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../../test/kit/certificate.ts';
import { encoded, patient, type SinkUnderTest, sinkCompliance, sinkTools } from '../../../test/kit/sink-compliance.ts';
import {
  eventsIn,
  HEADER_SECRET,
  PATH_SECRET,
  SIGNING_SECRET,
  webhookReceiver,
} from '../../../test/kit/webhook-receiver.ts';
import { systemClock } from '../../kit/clock.ts';
import { Secret } from '../../kit/secret.ts';
import { webhook } from './index.ts';
import { WebhookSettings } from './settings.ts';
import { webhookSink } from './webhook-sink.ts';

async function receiver(...args: Parameters<typeof webhookReceiver>) {
  const opened = await webhookReceiver(...args);
  onTestFinished(() => opened.close());
  return opened;
}

async function open(): Promise<SinkUnderTest> {
  const { server, sink, texts } = await webhookReceiver();
  let isRefusing = false;
  let taken: string[] = [];
  return {
    sink,
    received: async () => (isRefusing ? taken : texts()),
    refuse: async () => {
      taken = texts();
      isRefusing = true;
      // A receiver that echoes everything it was sent.
      server.otherwise((request) => ({ status: 400, body: JSON.stringify(request.headers) + request.path }));
    },
    hang: async () => {
      server.otherwise('hang');
      return () => server.requests.length > 0;
    },
    secrets: [SIGNING_SECRET, HEADER_SECRET, PATH_SECRET],
    leftovers: async () => Array.from({ length: server.connections() }, () => 'connection'),
    close: () => server.close(),
  };
}

sinkCompliance('webhook', open);

test('the signature is what the reference implementation expects, and its timestamp is now', async () => {
  const { server } = await receiver();
  const settings = WebhookSettings.parse({ url: server.url, secret: new Secret(SIGNING_SECRET, '') });
  const sink = webhookSink(settings, sinkTools({ clock: systemClock() }));
  onTestFinished(() => sink.close());

  await sink.send(encoded('a', 'b'), patient());

  const [request] = server.requests;
  const payload = new Webhook(SIGNING_SECRET).verify(request!.text, request!.headers as Record<string, string>);
  expect(payload).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  expect(request!.headers).toMatchObject({ 'content-type': 'application/json', 'content-encoding': 'gzip' });
});

test('while a secret is changed, receivers with the old and with the new one are both content', async () => {
  const { server } = await receiver();
  const newer = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const previous_secrets = [new Secret(SIGNING_SECRET, '')];
  const settings = WebhookSettings.parse({ url: server.url, secret: new Secret(newer, ''), previous_secrets });
  const sink = webhookSink(settings, sinkTools({ clock: systemClock() }));
  onTestFinished(() => sink.close());

  await sink.send(encoded('a'), patient());

  const [request] = server.requests;
  for (const secret of [newer, SIGNING_SECRET]) {
    new Webhook(secret).verify(request!.text, request!.headers as Record<string, string>);
  }
});

test('the id stays the same over retries of a batch, and differs for another batch', async () => {
  const { server, sink } = await receiver();
  server.next({ status: 500 });

  await expect(sink.send(encoded('a', 'b'), patient())).rejects.toMatchObject({ kind: 'unreachable' });
  await sink.send(encoded('a', 'b'), patient());
  await sink.send(encoded('a'), patient());

  const [first, second, third] = server.requests.map((request) => request.headers['webhook-id']);
  expect(first).toBe(second);
  expect(third).not.toBe(first);
});

test('gzip can be switched off, and headers of the config are sent', async () => {
  const { server, sink } = await receiver({ gzip: false });

  await sink.send(encoded('a'), patient());

  const [request] = server.requests;
  expect(request!.headers['content-encoding']).toBeUndefined();
  expect(request!.raw.toString()).toBe(request!.text);
  expect(request!.headers.authorization).toBe(HEADER_SECRET);
});

test('one connection carries many batches', async () => {
  const { server, sink } = await receiver();

  for (const id of ['a', 'b', 'c']) await sink.send(encoded(id), patient());

  expect(server.connections()).toBe(1);
});

test('an event that is not JSON travels as a JSON string', async () => {
  const { server, sink } = await receiver();

  await sink.send([{ id: 'a', text: 'CEF:0|Muster|x="y"' }], patient());

  expect(JSON.parse(server.requests[0]!.text)).toEqual(['CEF:0|Muster|x="y"']);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) is never followed, and only its host is named',
  async (status) => {
    const { server, sink } = await receiver();
    const elsewhere = await receiver();
    server.next({ status, headers: { location: `${elsewhere.server.url}/steal?token=canary` } });

    const fault = await sink.send(encoded('a'), patient()).catch((failure: unknown) => failure);

    expect(fault).toMatchObject({ kind: 'misconfigured' });
    expect(String(fault)).toContain(new URL(elsewhere.server.url).host);
    expect(String(fault)).not.toMatch(/canary|steal/);
    expect(elsewhere.server.requests).toEqual([]);
  },
);

test('https is verified: an unknown authority is unreachable, a configured one is trusted', async () => {
  const certificate = selfSigned();
  const trusting = await receiver({ ca: certificate.cert }, certificate);
  const distrusting = await receiver({}, certificate);

  await trusting.sink.check(patient());
  await trusting.sink.send(encoded('a'), patient());
  const refusal = { kind: 'unreachable', message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') as string };
  await expect(distrusting.sink.check(patient())).rejects.toMatchObject(refusal);
  await expect(distrusting.sink.send(encoded('a'), patient())).rejects.toMatchObject(refusal);

  expect(eventsIn(trusting.server.requests[0]!.text)).toHaveLength(1);
  expect(distrusting.server.requests).toEqual([]);
});

test('check connects without a request', async () => {
  const { server, sink } = await receiver();

  await sink.check(patient());
  await server.close();

  await expect(sink.check(patient())).rejects.toMatchObject({ kind: 'unreachable' });
  expect(server.requests).toEqual([]);
});

test('what a sink points at is shown without path and query, which may hold a token', () => {
  const settings = WebhookSettings.parse({
    url: 'https://siem.example.com/in/token?key=canary',
    secret: new Secret(SIGNING_SECRET, ''),
  });

  expect(webhook.target(settings)).toBe('https://siem.example.com');
});
