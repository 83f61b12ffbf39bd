import { expect, test } from 'vitest';
import { testStage } from '../../test/kit/stage.ts';
import type { JobState } from '../archive/port.ts';
import { Fault, type FaultKind } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import { noteFault, noteOk, noteSinkFault, sinkState, sourceState } from './state.ts';

const SEGMENTS = sourceState('aws/123456789012/credential-report');

/** What is filed after these messages, a minute between them, and how many objects that took. */
async function filed(...messages: readonly (readonly [FaultKind, string])[]) {
  const { stage, clock } = testStage();
  const began = formatInstant(clock.now());
  for (const [kind, message] of messages) {
    await noteFault(stage.archive, SEGMENTS, new Fault(kind, message), clock.now());
    clock.move(60_000);
  }
  const latest = await stage.archive.series<JobState>(SEGMENTS).latest();
  return { value: latest?.value, objects: latest?.number, began };
}

test('the newest message of a trouble is filed, and the trouble is as old as it is', async () => {
  const { value, objects, began } = await filed(
    ['denied', 'iam:GenerateCredentialReport is denied'],
    ['denied', 'iam:GetCredentialReport is denied'],
  );

  expect(value).toMatchObject({ message: 'iam:GetCredentialReport is denied', since: began });
  expect(objects).toBe(2);
});

test.each([
  ['the same', 'AWS does not answer', 'AWS does not answer'],
  ['a wait', 'asked to wait 37 s (attempt 1)', 'asked to wait 4.5 s (attempt 12)'],
  ['a time', 'expired at 2026-11-20T08:00:00Z', 'expired at 2026-11-20T09:15:31.123Z'],
  [
    'a request id',
    'refused, request 18d74822-de3f-e579-1beb-d27cccdcba67',
    'refused, request 5d1f6d4a-0000-1111-2222-33334444aaaa',
  ],
])('a message that differs in %s only is filed once', async (_, one, other) => {
  const { value, objects } = await filed(['unreachable', one], ['unreachable', other], ['unreachable', one]);

  expect({ message: value?.message, objects }).toEqual({ message: one, objects: 1 });
});

test('messages that take turns are one trouble, and each is filed once', async () => {
  const turn = [
    ['unreachable', 'the connection was reset'],
    ['unreachable', 'no answer in time'],
    ['unreachable', 'no answer in time, asked again 3 times'],
  ] as const;

  const { value, objects, began } = await filed(...turn, ...turn, ...turn.toReversed());

  expect({ objects, since: value?.since, message: value?.message }).toEqual({
    objects: 3,
    since: began,
    message: turn[2][1],
  });
});

test('what was said before the trouble was over is said again', async () => {
  const { stage, clock } = testStage();
  const fail = (message: string) => noteFault(stage.archive, SEGMENTS, new Fault('unreachable', message), clock.now());
  await fail('reset');
  await fail('no answer');
  await noteOk(stage.archive, SEGMENTS, clock.now());

  await fail('reset');

  expect(await stage.archive.series<JobState>(SEGMENTS).latest()).toMatchObject({
    number: 4,
    value: { message: 'reset' },
  });
});

test('another status of HTTP is something new', async () => {
  expect((await filed(['unreachable', 'failed (status 500)'], ['unreachable', 'failed (status 503)'])).objects).toBe(2);
});

test('another kind of fault is another trouble, with its own beginning', async () => {
  const { value, began } = await filed(['throttled', 'slow down'], ['denied', 'may not']);

  expect(value?.since).not.toBe(began);
});

test('a sink that fails for many sources is filed once, about the first', async () => {
  const { stage, clock } = testStage();
  const fail = (source: string) =>
    noteSinkFault(
      stage.archive,
      'siem',
      source,
      new Fault('malformed', `events of ${source} are refused`),
      clock.now(),
    );

  await fail('aws/1/a');
  await fail('aws/2/a');
  await fail('aws/1/a');

  const latest = await stage.archive.series<JobState>(sinkState('siem')).latest();
  expect(latest).toMatchObject({ number: 1, value: { about: 'aws/1/a' } });
});

test('what is well is filed once', async () => {
  const { stage, clock } = testStage();

  await noteOk(stage.archive, SEGMENTS, clock.now());

  expect(await stage.archive.series<JobState>(SEGMENTS).latest()).toBeUndefined();
});
