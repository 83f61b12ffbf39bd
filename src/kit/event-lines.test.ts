import { expect, test } from 'vitest';
import { eventsOfReport, packEvents } from './event-lines.ts';

const T0 = Date.UTC(2026, 10, 20);

test('a line says what was asked of a key, and one follows for each event', async () => {
  const { part, missing } = await eventsOfReport([await packed('AKIA1', 1), await packed('AKIA2', 0)]);

  expect(new TextDecoder().decode(part.bytes).split('\n')).toEqual([
    '{"key":"AKIA1","regions":["eu-west-1"],"from":"2026-11-19T00:00:00Z","to":"2026-11-20T00:00:00Z","goes_on":true,"events":1}',
    '{"key":"AKIA1","region":"eu-west-1","event":{"EventId":"0"}}',
    '{"key":"AKIA2","regions":["eu-west-1"],"from":"2026-11-19T00:00:00Z","to":"2026-11-20T00:00:00Z","goes_on":true,"events":0}',
    '',
  ]);
  expect([part.name, missing]).toEqual(['events.jsonl', []]);
});

test('where not all fits, the keys with most events are left out whole, and how many events is said', async () => {
  const all = [
    await packed('AKIA1', 20),
    await packed('AKIA2', 900),
    await packed('AKIA1', 30),
    await packed('AKIA3', 5),
  ];

  const { part, missing } = await eventsOfReport(all, 0.01);

  const lines = new TextDecoder().decode(part.bytes).trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { key: string; left_out?: number });
  expect(told.filter(({ key }) => key === 'AKIA2')).toEqual([{ key: 'AKIA2', left_out: 900 }]);
  expect(told.filter(({ key }) => key === 'AKIA1')).toHaveLength(2 + 50);
  expect(told.filter(({ key }) => key === 'AKIA3')).toHaveLength(1 + 5);
  expect(missing).toEqual(['events one by one of 1 key, which has more than 0.01 MiB']);
});

test('of several keys that are left out the number is said', async () => {
  const { missing } = await eventsOfReport([await packed('AKIA1', 20), await packed('AKIA2', 30)], 0.0001);

  expect(missing).toEqual(['events one by one of 2 keys, which have more than 0.0001 MiB']);
});

function packed(key: string, events: number) {
  const told = Array.from({ length: events }, (_, at) => ({ region: 'eu-west-1', event: { EventId: String(at) } }));
  return packEvents({ key, regions: ['eu-west-1'], from: T0 - 86_400_000, to: T0, goesOn: true }, told);
}
