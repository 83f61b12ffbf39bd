import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { kept } from './kept.ts';

const MINUTE_MS = 60_000;

function place() {
  const clock = movableClock();
  const asked: string[] = [];
  let told: string | Error = 'first';
  const read = kept(async (name) => {
    asked.push(name);
    if (told instanceof Error) throw told;
    return told;
  }, clock);
  const tell = (value: string | Error) => {
    told = value;
  };
  return { clock, asked, read, tell };
}

test('many that wait cost one question, and five minutes none', async () => {
  const { clock, asked, read } = place();

  await Promise.all([read('a', false), read('a', false), read('a', false)]);
  clock.move(5 * MINUTE_MS - 1);
  await read('a', false);

  expect(asked).toEqual(['a']);
});

test('what changed is told after five minutes', async () => {
  const { clock, read, tell } = place();
  await read('a', false);
  tell('second');
  clock.move(5 * MINUTE_MS);

  expect(await read('a', false)).toBe('second');
});

test('what was refused is asked for at once, but not more often than twice a minute', async () => {
  const { clock, asked, read, tell } = place();
  await read('a', false);
  tell('second');
  clock.move(MINUTE_MS);

  expect([await read('a', true), await read('a', true)]).toEqual(['second', 'second']);
  expect(asked).toHaveLength(2);
});

test('what was told once counts on while the place does not answer', async () => {
  const { clock, read, tell } = place();
  await read('a', false);
  tell(new Error('away'));
  clock.move(60 * MINUTE_MS);

  expect(await read('a', false)).toBe('first');
});

test('a place that never told is asked each time', async () => {
  const { asked, read, tell } = place();
  tell(new Error('away'));
  await expect(read('a', false)).rejects.toThrow('away');
  tell('now');

  expect(await read('a', false)).toBe('now');
  expect(asked).toHaveLength(2);
});
