import { expect, test } from 'vitest';
import { createCallLog } from './calls.ts';

test('only the newest calls are kept, and numbers go on', () => {
  const log = createCallLog(100);
  const call = { service: 'iam', account: 'a', principal: 'p', answer: { status: 200 }, request_id: 'r', ms: 1 };

  for (let index = 0; index < 1_000; index += 1) log.add(0, 0, { ...call, action: `A${index}` });

  expect(log.list()).toHaveLength(100);
  expect(log.list(998)).toMatchObject([
    { seq: 999, action: 'A998' },
    { seq: 1_000, action: 'A999', at: '1970-01-01T00:00:00Z' },
  ]);
});
