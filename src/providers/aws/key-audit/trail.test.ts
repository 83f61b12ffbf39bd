import { expect, test } from 'vitest';
import { inAJournal } from '../../../../test/kit/in-a-journal.ts';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import type { Work } from '../audit/desk.ts';
import type { TrailApi } from '../trail-api.ts';
import type { RegionAsker } from './region-asker.ts';
import { lookUp } from './trail.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('what is asked for last, twelve hours after the report began, is not older than CloudTrail keeps', async () => {
  const startedAt = Date.UTC(2026, 10, 20);
  const asked: number[] = [];
  const api = {
    events: async ({ from }: { from: number }) => {
      asked.push(from);
      return { Events: [] };
    },
  } as unknown as TrailApi; // no more is asked
  const asker: RegionAsker = { ask: async (_, call) => ({ told: await call() }) };
  const look = {
    keyId: 'AKIA1',
    keyCreatedAt: startedAt - 400 * DAY_MS,
    region: 'us-east-1',
    depth: 'full' as const,
    known: undefined,
    name: 't',
  };

  await inAJournal(memoryAttempt(startedAt), (pages) => {
    const work = { startedAt, pages, shift: { isOver: () => false } } as unknown as Work; // as much of it as looking up needs
    return lookUp(look, api, asker, work);
  });

  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeGreaterThan(startedAt + 12 * HOUR_MS - 90 * DAY_MS);
  expect(asked[0]).toBeLessThan(startedAt + 24 * HOUR_MS - 90 * DAY_MS);
});
