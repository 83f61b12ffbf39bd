import { afterEach, expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { Account } from '../domain/account.ts';
import { Releasers } from '../kit/releasers.ts';
import type { Connection, Look, Step } from '../providers/provider.ts';
import { connectionsOf } from './connections.ts';

test('an account has one connection; the one that was not used for longest is closed, and all are at the end', async () => {
  const { of, opened, closed, releasers } = bench();
  for (let number = 0; number < 100; number += 1) await of(account(number));
  await of(account(0)); // used again
  await of(account(100));

  expect(opened).toHaveLength(101);
  expect(closed).toEqual(['1']);

  await of(account(1));
  expect(opened.at(-1)).toBe('1');

  await releasers.release();
  expect(closed).toHaveLength(102);
});

test('other settings mean another connection; those of a member are made anew and mean nothing', async () => {
  const { of, opened, closed } = bench();
  const listed = account(1, { settings: {} });
  await of(listed);
  await of({ ...listed, name: 'renamed' });
  await of({ ...listed, settings: {} });
  await of(account(2, { organization: 'main', settings: {} }));
  await of(account(2, { organization: 'main', settings: {} }));

  expect(opened).toEqual(['1', '1', '2']);
  expect(closed).toEqual(['1']);
});

test('a connection that failed is tried again', async () => {
  const releasers = new Releasers();
  let tries = 0;
  const of = connectionsOf(TOOLS, releasers, () => {
    tries += 1;
    return Promise.reject(new Error('no'));
  });

  await expect(of(account(1))).rejects.toThrow('no');
  await expect(of(account(1))).rejects.toThrow('no');

  expect(tries).toBe(2);
  await releasers.release();
});

test('one that is in use is not closed, however many others are opened meanwhile', async () => {
  const { of, closed } = bench();
  const long = await of(account(0));
  let finish = () => {};
  const step: Step = { do: 'wait', until: 0, state: undefined, why: '' };
  steps.set('0', new Promise((resolve) => (finish = () => resolve(step))));
  const looking = long.next('credential-report', {} as Look);
  for (let number = 1; number <= 150; number += 1) await of(account(number));

  expect(closed).not.toContain('0');
  expect(closed).toHaveLength(51);

  finish();
  await looking;
  expect(await of(account(0))).toBe(long);
});

test('one whose settings changed is closed when its last call has come back', async () => {
  const { of, closed } = bench();
  const listed = account(1, { settings: {} });
  const old = await of(listed);
  let finish = () => {};
  const step: Step = { do: 'wait', until: 0, state: undefined, why: '' };
  steps.set('1', new Promise((resolve) => (finish = () => resolve(step))));
  const looking = old.next('credential-report', {} as Look);

  await of({ ...listed, settings: {} });
  expect(closed).toEqual([]);

  finish();
  await looking;
  expect(closed).toEqual(['1']);
});

test('what nobody used for a quarter of an hour is closed when another one is asked for', async () => {
  const clock = movableClock();
  const { of, opened, closed } = bench(clock);
  await of(account(1));
  clock.move(10 * 60_000);
  await of(account(2));
  clock.move(6 * 60_000);
  await of(account(3));

  expect({ opened, closed }).toEqual({ opened: ['1', '2', '3'], closed: ['1'] });
});

const TOOLS = { clock: movableClock(), observe: () => undefined };

/** What an account's next look waits for. */
const steps = new Map<string, Promise<Step>>();
afterEach(() => steps.clear());

function bench(clock = TOOLS.clock) {
  const opened: string[] = [];
  const closed: string[] = [];
  const releasers = new Releasers();
  const of = connectionsOf({ ...TOOLS, clock }, releasers, async ({ id }) => {
    opened.push(id);
    return connection(() => closed.push(id), id);
  });
  return { of, opened, closed, releasers };
}

function connection(close: () => unknown, id: string): Connection {
  const never = () => Promise.reject(new Error('nobody asks'));
  return { identify: never, probe: never, next: () => steps.get(id) ?? never(), close: () => void close() };
}

function account(number: number, change: Partial<Account> = {}): Account {
  return { provider: 'aws', id: String(number), name: 'a', labels: {}, reports: {}, settings: undefined, ...change };
}
