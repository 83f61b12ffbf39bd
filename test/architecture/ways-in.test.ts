import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Registries } from '../../src/config/registries.ts';
import { keysOf, shapeOf, shapesAt } from '../../src/config/shape.ts';
import { providers } from '../../src/providers/registry.ts';
import { awsSecretsManager } from '../../src/secrets/aws-secrets-manager.ts';
import { selfSigned } from '../kit/certificate.ts';
import { realRegistries } from '../kit/real-registries.ts';

const DOCUMENT = readFileSync('docs/ways-in.md', 'utf8');
const README = readFileSync('README.md', 'utf8');
const TITLES = { aws: 'AWS', alibaba: 'Alibaba Cloud', tencent: 'Tencent Cloud' } as const;

interface Block {
  readonly cloud: string;
  readonly heading: string;
  readonly yaml: string;
}

/** Every YAML block, with the headings above it. */
const BLOCKS: readonly Block[] = DOCUMENT.split(/^## /m)
  .slice(1)
  .flatMap((part) => {
    const cloud = part.split('\n', 1)[0]!;
    return part.split(/^### /m).flatMap((section) => {
      const heading = section.split('\n', 1)[0]!;
      return [...section.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml]) => ({ cloud, heading, yaml: yaml! }));
    });
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SECRETS = JSON.stringify({ secret_id: 'an-id', secret_key: 'a-key', secret_access_key: 'a-key' });
const registries: Registries = {
  ...realRegistries,
  secretStores: [
    {
      ...awsSecretsManager,
      open: () => ({ read: async (name) => String(JSON.parse(SECRETS)[name.split('#')[1] ?? ''] ?? SECRETS) }),
    },
  ],
};

const NAMED = /\b(ca_file|token_file): (\/[\w./-]+)/g;

/** With what its references name: variables, and files in a folder of the test. */
async function read(yaml: string) {
  const env: Record<string, string> = {};
  for (const [, name] of yaml.matchAll(/\$\{env:(\w+)\}/g))
    env[name!] = name === 'PROXY_URL' ? 'http://u:p@proxy:3128' : 'a-value';
  for (const [, file] of yaml.matchAll(/\$\{file:([^}]+)\}/g)) {
    mkdirSync(dirname(join(folder, file!)), { recursive: true });
    writeFileSync(join(folder, file!), 'a-value\n', { mode: 0o600 });
  }
  for (const [, key, file] of yaml.matchAll(NAMED)) {
    mkdirSync(dirname(join(folder, file!)), { recursive: true });
    writeFileSync(join(folder, file!), key === 'ca_file' ? selfSigned().cert : 'a-token');
  }
  const moved = yaml.replaceAll('${file:/', `\${file:${folder}/`).replaceAll(NAMED, `$1: ${folder}$2`);
  return parseConfig(`archive: ./archive\n${moved}`, join(folder, 'm.yaml'), registries, env);
}

describe('docs/ways-in.md', () => {
  test.each(BLOCKS.map((block) => [`${block.cloud} ${block.heading}`, block.yaml] as const))(
    'the YAML under %s is read without a complaint',
    async (_, yaml) => {
      const config = await read(yaml);

      expect(config.warnings).toEqual([]);
      expect(config.accounts.length).toBeGreaterThan(0);
    },
  );

  test.each(providers.map(({ name }) => name))('shows every way into %s under its own heading', (name) => {
    const own = BLOCKS.filter(({ cloud }) => cloud === TITLES[name as keyof typeof TITLES]);

    const shown = own.map(({ heading }) => heading.replace(/ \(.*$/, ''));

    expect(shown.toSorted()).toEqual(waysOf(name));
    for (const { heading, yaml } of own) expect(yaml, heading).toMatch(new RegExp(`\\b${heading.split(' ')[0]!}:\\s`));
  });
});

test.each([
  ['aws', '"123456789012"', 'assume_role: { role: r }', 'profile: own'],
  ['alibaba', '"1234567890123456"', 'assume_role: { role: r }', 'ecs_ram_role: {}'],
  ['tencent', '"100012345678"', 'assume_role: { role: r }', 'cvm_role: {}'],
])("an account's own way into %s replaces that of the defaults", async (provider, id, common, own) => {
  const yaml = `defaults: { ${provider}: { auth: { ${common} } } }
accounts:
  - { provider: ${provider}, account_id: ${id}, auth: { ${own} } }
`;

  const [account] = (await read(yaml)).accounts;

  expect(account?.settings).toMatchObject({ auth: { kind: own.split(':')[0] } });
});

describe('the table in the README', () => {
  const rows = README.split('\n').filter((line) => line.includes('docs/ways-in.md#'));
  const cells = rows.flatMap((row) =>
    row
      .split('|')
      .slice(2, 5)
      .flatMap((cell, column) =>
        [...cell.matchAll(/\[`(\w+)`[^\]]*\]\(docs\/ways-in\.md#([\w-]+)\)/g)].map(([, way, anchor]) => ({
          provider: ['aws', 'alibaba', 'tencent'][column]!,
          way: way!,
          anchor: anchor!,
        })),
      ),
  );

  test.each(providers.map(({ name }) => name))('has every way into %s, and no other', (name) => {
    const shown = cells.filter(({ provider }) => provider === name).map(({ way }) => way);

    expect([...new Set(shown)].toSorted()).toEqual(waysOf(name));
  });

  test('leads to the YAML of each', () => {
    const anchors = BLOCKS.map(({ heading }) => anchorOf(heading));

    expect(cells.filter(({ anchor }) => !anchors.includes(anchor))).toEqual([]);
    expect(cells.filter(({ way, anchor }) => !anchor.startsWith(way))).toEqual([]);
  });
});

/** What stands under `auth` in the provider's own schema. */
function waysOf(name: string): readonly string[] {
  const provider = providers.find((one) => one.name === name)!;
  return keysOf(shapesAt(shapeOf(provider.settings), ['auth'])).toSorted();
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
