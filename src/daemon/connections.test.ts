import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { Account } from '../domain/account.ts';
import { Releasers } from '../kit/releasers.ts';
import type { Connection } from '../providers/provider.ts';
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

const TOOLS = { clock: movableClock(), observe: () => undefined };

function bench() {
  const opened: string[] = [];
  const closed: string[] = [];
  const releasers = new Releasers();
  const of = connectionsOf(TOOLS, releasers, async ({ id }) => {
    opened.push(id);
    return connection(() => closed.push(id));
  });
  return { of, opened, closed, releasers };
}

function connection(close: () => unknown): Connection {
  const never = () => Promise.reject(new Error('nobody asks'));
  return { identify: never, probe: never, next: never, close: () => void close() };
}

function account(number: number, change: Partial<Account> = {}): Account {
  return { provider: 'aws', id: String(number), name: 'a', labels: {}, reports: {}, settings: undefined, ...change };
}
