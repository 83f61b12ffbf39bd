import { expect, test } from 'vitest';
import { withDeadline } from './deadline.ts';

test('work that is done in time gives its outcome', async () => {
  const { signal } = new AbortController();

  expect(await withDeadline(signal, 10_000, async () => 'done')).toBe('done');
});

test('work that takes too long is told to stop, and is not waited for', async () => {
  const { signal } = new AbortController();
  let seen: AbortSignal | undefined;

  const late = withDeadline(signal, 5, (inner) => {
    seen = inner;
    return new Promise(() => undefined);
  });

  await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(seen?.aborted).toBe(true);
});

test('the signal comes first', async () => {
  const control = new AbortController();
  const stopped = withDeadline(control.signal, 10_000, () => new Promise(() => undefined));

  control.abort(new Error('stopping'));

  await expect(stopped).rejects.toThrow('stopping');
  await expect(withDeadline(control.signal, 10_000, async () => 'never')).rejects.toThrow('stopping');
});
