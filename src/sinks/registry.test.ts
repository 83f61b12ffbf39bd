import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sinkPlugins } from './registry.ts';

test('every folder is a registered plugin of the same name', () => {
  const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);

  expect(sinkPlugins.map((plugin) => plugin.type).sort()).toEqual(folders.sort());
});

test.each(sinkPlugins.map((plugin) => [plugin.type, plugin.settings] as const))(
  'the settings of %s are strict and can be written as JSON Schema',
  (_type, settings) => {
    expect(settings.safeParse({ 'no-such-key': 1 }).error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys' }),
    );
    expect(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' });
  },
);
