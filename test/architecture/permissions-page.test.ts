import { join } from 'node:path';
import { expect, test } from 'vitest';
import { providers } from '../../src/providers/registry.ts';
import { permissionsPage } from '../kit/permissions-page.ts';
import { ROOT } from './tree.ts';

test('the page of permissions is what the providers say of their actions (vitest -u writes it)', async () => {
  await expect(permissionsPage(providers)).toMatchFileSnapshot(join(ROOT, 'docs/permissions.md'));
});

test('every permission of a report kind has its note, and every note a price', () => {
  for (const { name, kinds, actions = [] } of providers) {
    const noted = actions.filter(({ on }) => on === 'account').map(({ action }) => action);
    const declared = Object.values(kinds).flatMap(({ permissions }) => [
      ...permissions.required,
      ...permissions.optional,
    ]);
    expect(
      declared.filter((action) => !noted.includes(action)),
      name,
    ).toEqual([]);
    expect(
      actions.filter(({ without }) => without.words === ''),
      name,
    ).toEqual([]);
    expect(
      actions.filter(({ without }) => without.shows === 'not-visible' && without.says === undefined),
      name,
    ).toEqual([]);
  }
});
