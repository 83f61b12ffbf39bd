import { expect, onTestFinished, test } from 'vitest';
import type { HttpServer, ReceivedRequest, Reply } from '../../../test/kit/http-server.ts';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { encoded, patient } from '../../../test/kit/sink-compliance.ts';
import { eventsIn, webhookReceiver } from '../../../test/kit/webhook-receiver.ts';

async function receiver(yaml?: Readonly<Record<string, unknown>>) {
  const opened = await webhookReceiver(yaml);
  onTestFinished(() => opened.close());
  return opened;
}

const inAMinute = new Date(movableClock().now() + 60_000).toUTCString();

test.each<[string, Reply, object]>([
  ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'throttled', retryAfterMs: 7_000 }],
  [
    '429 with a date',
    { status: 429, headers: { 'retry-after': inAMinute } },
    { kind: 'throttled', retryAfterMs: 60_000 },
  ],
  ['429 alone', { status: 429 }, { kind: 'throttled', retryAfterMs: undefined }],
  [
    '503 with Retry-After',
    { status: 503, headers: { 'retry-after': '1' } },
    { kind: 'throttled', retryAfterMs: 1_000 },
  ],
  ['503 alone', { status: 503 }, { kind: 'unreachable' }],
  ['500', { status: 500 }, { kind: 'unreachable' }],
  ['408', { status: 408 }, { kind: 'unreachable' }],
  ['425', { status: 425 }, { kind: 'unreachable' }],
  ['a reset after the body was taken', 'reset', { kind: 'unreachable' }],
  ['something that is not HTTP', 'garbage', { kind: 'unreachable' }],
  ['401', { status: 401 }, { kind: 'denied' }],
  ['403', { status: 403 }, { kind: 'denied' }],
  ['407', { status: 407 }, { kind: 'denied' }],
  ['404', { status: 404 }, { kind: 'misconfigured' }],
  ['405', { status: 405 }, { kind: 'misconfigured' }],
  ['415', { status: 415 }, { kind: 'misconfigured', message: expect.stringContaining('gzip: false') as string }],
  ['410', { status: 410 }, { kind: 'misconfigured', message: expect.stringContaining('told us to stop') as string }],
])('%s: the whole batch is a fault of its kind', async (_title, reply, fault) => {
  const { server, sink } = await receiver();
  server.otherwise(reply);

  await expect(sink.send(encoded('a', 'b'), patient())).rejects.toMatchObject(fault);

  expect(server.requests).toHaveLength(1);
});

test('a receiver that never answers, or sends its header a byte at a time, is cut off by the deadline', async () => {
  const replies: readonly Reply[] = ['hang', 'drip'];
  const receivers = await Promise.all(replies.map(() => receiver({ timeout: '1s' })));
  receivers.forEach(({ server }, index) => server.otherwise(replies[index]!));

  const failures = await Promise.all(
    receivers.map(({ sink }) => sink.send(encoded('a'), patient()).catch((failure: unknown) => failure)),
  );

  const tooLate = { kind: 'unreachable', message: expect.stringContaining('did not answer within 1s') as string };
  expect(failures).toMatchObject([tooLate, tooLate]);
});

test.each<[string, Reply]>([
  ['that never ends', { status: 202, body: 'x', end: 'never' }],
  ['that breaks off', { status: 200, body: 'x', end: 'reset' }],
  ['of a megabyte', { status: 200, body: 'x'.repeat(1_048_576) }],
])('a 2xx with a body %s is an acceptance all the same', async (_title, reply) => {
  const { server, sink } = await receiver({ timeout: '1s' });
  server.otherwise(reply);

  const outcome = await sink.send(encoded('a'), patient());

  expect(outcome.delivered).toEqual(encoded('a'));
});

test('a host without a name, and a port without a server, are unreachable', async () => {
  const nameless = await receiver({ url: 'https://muster-test.invalid/' });
  const silent = await receiver();
  await silent.server.close();

  await expect(nameless.sink.send(encoded('a'), patient())).rejects.toMatchObject({ kind: 'unreachable' });
  await expect(silent.sink.send(encoded('a'), patient())).rejects.toMatchObject({ kind: 'unreachable' });
});

test('a connection that the receiver closed between two batches is made anew', async () => {
  const { server, sink } = await receiver();
  await sink.send(encoded('a'), patient());
  server.next('reset');

  const outcome = await sink.send(encoded('b'), patient());

  expect(outcome.delivered).toEqual(encoded('b'));
});

test('one refused event is found among many, and the others are delivered in order', async () => {
  const { server, sink } = await receiver();
  refuseIds(server, 400, 'e');
  const batch = encoded('a', 'b', 'c', 'd', 'e', 'f', 'g');

  const outcome = await sink.send(batch, patient());

  expect(outcome.delivered.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'f', 'g']);
  expect(outcome.rejected).toEqual([{ item: batch[4], reason: 'answered 400: schema: e is not known' }]);
  expect(outcome.retry).toBeUndefined();
});

test('a batch that is too large is halved, and one event that is too large alone is rejected', async () => {
  const { server, sink } = await receiver();
  server.otherwise((request) => ({ status: idsIn(request).length > 2 || idsIn(request).includes('c') ? 413 : 200 }));

  const outcome = await sink.send(encoded('a', 'b', 'c', 'd', 'e'), patient());

  expect(outcome.delivered.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e']);
  expect(outcome.rejected).toMatchObject([{ item: { id: 'c' }, reason: 'answered 413' }]);
});

test('a fault in the middle of a split batch keeps what is known and gives the rest back', async () => {
  const { server, sink } = await receiver();
  server.next({ status: 413 }, { status: 200 }, { status: 503 });

  const outcome = await sink.send(encoded('a', 'b', 'c', 'd'), patient());

  expect(outcome.delivered).toEqual(encoded('a', 'b'));
  expect(outcome.rejected).toEqual([]);
  expect(outcome.retry).toMatchObject({ items: encoded('c', 'd'), fault: { kind: 'unreachable' } });
});

test('a fault before anything is known of a split batch is thrown', async () => {
  const { server, sink } = await receiver();
  server.next({ status: 422 }, { status: 401 });

  await expect(sink.send(encoded('a', 'b', 'c', 'd'), patient())).rejects.toMatchObject({ kind: 'denied' });
});

test('a network error in the middle of a split batch is a retry of the rest', async () => {
  const { server, sink } = await receiver();
  server.next({ status: 413 }, { status: 200 }, 'garbage');

  const outcome = await sink.send(encoded('a', 'b'), patient());

  expect(outcome.delivered).toEqual(encoded('a'));
  expect(outcome.retry).toMatchObject({ items: encoded('b'), fault: { kind: 'unreachable' } });
});

test('a reason is one short line of printable text, whatever the receiver says', async () => {
  const { server, sink } = await receiver();
  server.next({ status: 400, body: `\u001b[31mred\u0000\r\n\u202e${'x'.repeat(5_000)}` });

  const outcome = await sink.send(encoded('a'), patient());

  expect(outcome.rejected[0]!.reason).toMatch(/^answered 400: \[31mred x+$/);
  expect(outcome.rejected[0]!.reason.length).toBeLessThan(230);
});

function refuseIds(server: HttpServer, status: number, ...ids: readonly string[]): void {
  server.otherwise((request) => {
    const found = idsIn(request).find((id) => ids.includes(id));
    return found === undefined ? { status: 200 } : { status, body: `schema: ${found} is not known` };
  });
}

function idsIn(request: ReceivedRequest): readonly string[] {
  return eventsIn(request.text).map((event) => event.id);
}
