import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Registries } from '../../src/config/registries.ts';
import { checks } from '../../src/derive/checks/registry.ts';
import { CHANGE_TYPES } from '../../src/domain/event-types.ts';
import { formats } from '../../src/formats/registry.ts';
import { HUB_PERMISSIONS as ofDirectory } from '../../src/providers/alibaba/organization-permissions.ts';
import { providers } from '../../src/providers/registry.ts';
import { HUB_PERMISSIONS as ofOrganization } from '../../src/providers/tencent/organization-permissions.ts';
import { sinkPlugins } from '../../src/sinks/registry.ts';

const registries: Registries = { providers, sinkPlugins, checks, formats, changeTypes: CHANGE_TYPES };
const ENV = { MUSTER_EXTERNAL_ID: 'an-external-id', ALIBABA_ID: 'id', ALIBABA_SECRET: 'secret' };
const blocks = yamlBlocks(readFileSync('docs/organizations.md', 'utf8'));

test.each(blocks.map((yaml, index) => [index + 1, yaml]))('documented organisation %i is a config', async (_, yaml) => {
  const config = await parseConfig(`archive: ./archive\n${yaml}`, 'documented.yaml', registries, ENV);

  expect(config.organizations.length).toBeGreaterThan(0);
  expect(config.warnings).toEqual([]);
});

test('an organisation of every cloud that has one is documented', async () => {
  const configs = blocks.map((yaml) => parseConfig(`archive: a\n${yaml}`, 'documented.yaml', registries, ENV));

  const shown = (await Promise.all(configs)).flatMap(({ organizations }) => organizations);

  const having = providers.filter(({ organization }) => organization !== undefined).map(({ name }) => name);
  expect(having.filter((name) => !shown.some(({ provider }) => provider === name))).toEqual([]);
});

test('what the hub of each cloud asks for is named in the documentation', () => {
  const docs = readFileSync('docs/organizations.md', 'utf8');

  for (const permission of [...ofDirectory, ...ofOrganization]) expect(docs).toContain(`\`${permission}\``);
});

function yamlBlocks(markdown: string): readonly string[] {
  const found = [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml]) => yaml ?? '');
  return found.filter((yaml) => yaml.includes('organizations:'));
}
