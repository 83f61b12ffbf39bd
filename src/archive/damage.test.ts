import { expect, test } from 'vitest';
import { draft, SOURCE, START } from '../../test/kit/drafts.ts';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { Fault } from '../domain/fault.ts';
import { openArchive } from './archive.ts';
import { sealed, unseal } from './json-object.ts';
import type { Store } from './store.ts';
import { verify } from './verify.ts';

const clock = movableClock(START);

function listening(store: Store) {
  const damaged: { key: string; what: string }[] = [];
  const archive = openArchive(store, { clock, onDamage: (key, what) => void damaged.push({ key, what }) });
  return { archive, damaged };
}

async function twoQuarantined() {
  const store = memoryStore();
  const archive = openArchive(store, { clock });
  const first = await archive.quarantine(SOURCE, draft(1), 'no');
  await archive.decide(first, 'rejected', START);
  const second = await archive.quarantine(SOURCE, draft(2), 'no');
  return { store, first, second };
}

test.each([
  ['manifest', (id: string) => `quarantine/${SOURCE}/${id}/manifest.json`],
  ['decision', (id: string) => `series/quarantine/${SOURCE}/${id}/00000001.json`],
])('a quarantined report whose %s was changed is passed over and named once', async (_what, keyOf) => {
  const { store, first, second } = await twoQuarantined();
  const key = keyOf(first.id);
  store.objects.set(key, store.objects.get(key)!.subarray(1));
  const { archive, damaged } = listening(store);

  expect(await archive.quarantined()).toEqual([second]);
  expect(await archive.quarantined(SOURCE)).toEqual([second]);
  expect(damaged).toEqual([
    { key: `quarantine/${SOURCE}/${first.id}/manifest.json`, what: expect.stringContaining(key) },
  ]);
  expect((await verify(store)).problems.map((problem) => problem.key)).toEqual([key]);
});

test('nobody has to listen', async () => {
  const { store, first, second } = await twoQuarantined();
  store.objects.set(`quarantine/${SOURCE}/${first.id}/manifest.json`, Buffer.from('{}'));

  expect(await openArchive(store, { clock }).quarantined()).toEqual([second]);
});

test('a store that does not answer is not passed over', async () => {
  const { store } = await twoQuarantined();
  const silent = { ...store, get: () => Promise.reject(new Fault('unreachable', 'the store does not answer')) };
  const { archive, damaged } = listening(silent);

  await expect(archive.quarantined()).rejects.toMatchObject({ kind: 'unreachable' });
  expect(damaged).toEqual([]);
});

test('sources passes over what is no account, and names it once', async () => {
  const { store } = await twoQuarantined();
  store.objects.set('accounts/aws/notes.txt', Buffer.from('x'));
  const { archive, damaged } = listening(store);

  expect(await archive.sources()).toEqual([SOURCE]);
  expect(await archive.sources()).toEqual([SOURCE]);
  expect(damaged).toEqual([{ key: 'accounts/aws/notes.txt', what: 'it is no account' }]);
});

test('a manifest of quarantine from before the account had a name still reads', async () => {
  const { store, second } = await twoQuarantined();
  const key = `quarantine/${SOURCE}/${second.id}/manifest.json`;
  const { not_visible: _seen, cloud_name: _name, ...older } = unseal(store.objects.get(key)!, key);
  store.objects.set(key, sealed(older));

  expect((await openArchive(store, { clock }).quarantined()).at(-1)).toEqual(second);
});
