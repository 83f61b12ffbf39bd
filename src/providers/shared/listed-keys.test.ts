import { expect, test } from 'vitest';
import type { AccessKeyRecord } from '../../domain/record.ts';
import { NEVER } from '../../kit/row-reader.ts';
import { withKeyIds } from './listed-keys.ts';

const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-02-01T00:00:00Z';

test.each([
  ['each by its date', [slot(1, LATE, true), slot(2, EARLY, true)], [key('A', EARLY), key('B', LATE)], ['B', 'A']],
  [
    'one second, told apart by status',
    [slot(1, EARLY, true), slot(2, EARLY, false)],
    [key('A', EARLY, 'Inactive'), key('B', EARLY)],
    ['B', 'A'],
  ],
  [
    'one second, both active',
    [slot(1, EARLY, true), slot(2, EARLY, true)],
    [key('A', EARLY), key('B', EARLY)],
    [undefined, undefined],
  ],
  [
    'one second, one of them deleted since',
    [slot(1, EARLY, true), slot(2, EARLY, false)],
    [key('A', EARLY)],
    [undefined, undefined],
  ],
  ['two listed for one slot', [slot(1, EARLY, true)], [key('A', EARLY), key('B', EARLY)], [undefined]],
  ['a key made since', [slot(1, EARLY, true)], [key('A', EARLY), key('B', LATE)], ['A']],
  ['a key deleted since', [slot(1, EARLY, true)], [key('B', LATE)], [undefined]],
])('ids are given only without doubt: %s', (_, slots, listed, ids) => {
  expect(withKeyIds(slots, listed).map((record) => record.id)).toEqual(ids);
});

function slot(number: number, created: string, active: boolean): AccessKeyRecord {
  return {
    slot: number,
    active: { value: active },
    createdAt: { value: Date.parse(created) },
    lastUsedAt: NEVER,
    lastUsedRegion: NEVER,
    lastUsedService: NEVER,
  };
}

function key(id: string, created: string, status = 'Active') {
  return { id, created, status };
}
