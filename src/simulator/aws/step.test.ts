import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../history.ts';
import { seededRandom } from '../random.ts';
import { simulatedClock } from '../simulated-clock.ts';
import { writeCredentialReport } from './credential-report.ts';
import { seedAccounts, seedHub } from './seed-world.ts';
import { step } from './step.ts';
import { createWorld, type World } from './world.ts';

const START = Date.parse('2026-11-20T09:00:00Z');

function seeded(accounts: number): World {
  const clock = { now: () => START, delayUntil: () => 0, sleepUntil: () => Promise.resolve() };
  const pace = { cacheWindowMs: 1, buildMs: 1, expireMs: undefined };
  const hubAccountId = '111122223333';
  const world = createWorld({ partition: 'aws', seed: 7, clock: simulatedClock(clock), pace, hubAccountId });
  seedHub(world);
  const seeds = Array.from({ length: accounts }, () => ({}));
  seedAccounts(world, { accounts: seeds, usersPerAccount: 12, roleName: 'r', externalId: 'x' });
  return world;
}

interface Told {
  mfa: boolean;
  password: boolean;
  readonly keys: Map<string, boolean>;
}

/** Reads the history alone, and knows nothing of the model. */
function replay(entries: readonly HistoryEntry[]): Map<string, Told> {
  const told = new Map<string, Told>([['<root_account>', { mfa: false, password: false, keys: new Map() }]]);
  for (const { action, user, key_id: key = '', details } of entries) {
    if (action === 'user.created') told.set(user, { mfa: false, password: false, keys: new Map() });
    if (action === 'user.deleted') told.delete(user);
    if (action === 'user.renamed') {
      told.set(user, told.get(String(details?.['from']))!);
      told.delete(String(details?.['from']));
    }
    const one = told.get(user);
    if (one === undefined) continue;
    const [what, how] = action.replace(/^root\./, '').split('.');
    if (what === 'mfa') one.mfa = how === 'enabled';
    if (what === 'password' && (how === 'created' || how === 'deleted')) one.password = how === 'created';
    if (what === 'key' && how === 'created') one.keys.set(key, details?.['status'] === 'Active');
    if (what === 'key' && (how === 'activated' || how === 'deactivated')) one.keys.set(key, how === 'activated');
    if (what === 'key' && how === 'deleted') one.keys.delete(key);
  }
  return told;
}

test('after a thousand steps the history alone tells what the reports show', () => {
  const world = seeded(3);
  const random = seededRandom(3);
  for (let index = 0; index < 1_000; index += 1) {
    world.clock.advance(7_001);
    step(world, random);
  }

  for (const account of world.accounts.values()) {
    const told = replay(world.history.entries({ account: account.id }));
    const rows = parse<Record<string, string>>(writeCredentialReport(world, account), { columns: true });
    const shown = rows.map((row) => {
      const keys = [1, 2].filter((slot) => row[`access_key_${slot}_last_rotated`] !== 'N/A');
      const active = keys.filter((slot) => row[`access_key_${slot}_active`] === 'true');
      return [row['user'], row['mfa_active'], row['password_enabled'], keys.length, active.length];
    });
    const expected = [...told].map(([user, { mfa, password, keys }]) => {
      const active = [...keys.values()].filter(Boolean);
      return [user, String(mfa), String(password), keys.size, active.length];
    });
    expect(new Map(shown.map((row) => [row[0], row]))).toEqual(new Map(expected.map((row) => [row[0], row])));
  }
});

test('a seed makes one world, and steps make one history', () => {
  const histories = [1, 2].map(() => {
    const world = seeded(2);
    const random = seededRandom(5);
    for (let index = 0; index < 200; index += 1) step(world, random);
    return world.history.entries();
  });

  expect(histories[0]).toEqual(histories[1]);
  expect(new Set(histories[0]!.map((entry) => entry.action)).size).toBeGreaterThan(10);
});

test('each account tells its past in the order of time', () => {
  const world = seeded(5);

  for (const id of world.accounts.keys()) {
    const times = world.history.entries({ account: id }).map((entry) => Date.parse(entry.at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  }
});
