import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';
import { decode } from './read-file.ts';

const registries = toyRegistries();
const WORDS = [
  'archive queue tick http checks defaults accounts sinks deployment listen name type file path hook secret events',
  'provider aws account_id "123456789012" auth assume_role role reports every 4h __proto__ constructor',
  '${env:SET} ${env:UNSET} $${ ${ &a *a !!binary !x --- << { } [ ] null ~ true .nan 1e999 0x10 012 "\\u0000" \ufeff \'',
]
  .flatMap((line) => line.split(' '))
  .concat('%YAML 1.1', '? ', '| ', '> ', ': ', ', ', '- ', '\n', '  ');

test('any text is a config or a list of mistakes with their lines', { timeout: 60_000 }, async () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join('')),
    fc.string({ unit: 'binary' }),
  );

  await fc.assert(fc.asyncProperty(text, isConfigOrMistakes), { numRuns: 300 });
});

test('any tree of values is a config or a list of mistakes with their lines', { timeout: 60_000 }, async () => {
  const keys = fc.constantFrom(
    'archive',
    'accounts',
    'sinks',
    'defaults',
    'aws',
    'auth',
    'queue',
    'checks',
    'http',
    'name',
    'type',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const config = fc.record(
    Object.fromEntries(
      ['archive', 'queue', 'http', 'checks', 'defaults', 'accounts', 'sinks'].map((key) => [key, tree]),
    ),
    { requiredKeys: [] },
  );

  await fc.assert(
    fc.asyncProperty(config, (value) => isConfigOrMistakes(JSON.stringify(value, null, 1))),
    { numRuns: 100 },
  );
});

test('any bytes are text or a mistake with its line', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const read = decode('m.yaml', bytes);
      return 'text' in read || read.problem.line > 0;
    }),
  );
});

test('nesting without end is a mistake, not a crash', { timeout: 60_000 }, async () => {
  await isConfigOrMistakes('['.repeat(100_000));
  await isConfigOrMistakes('- '.repeat(5_000));
  await isConfigOrMistakes(`archive: ${'['.repeat(70)}${']'.repeat(70)}`);
});

test('a bomb of aliases is a mistake, not a crash', async () => {
  const bomb = Array.from({ length: 30 }, (_, i) => `k${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`).join('\n');

  await expect(parseConfig(`k0: &a0 lol\n${bomb}\n`, 'm.yaml', registries, {})).rejects.toThrow('too many aliases');
});

function leaf() {
  return fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double(),
    fc.constantFrom('aws', '${env:SET}', 'file', 's3://b'),
  );
}

async function isConfigOrMistakes(yaml: string): Promise<void> {
  const outcome = await parseConfig(yaml, 'm.yaml', registries, { SET: 'x' }).catch((failure: unknown) => failure);
  if (outcome instanceof ConfigError) {
    expect(outcome.diagnostics.length).toBeGreaterThan(0);
    expect(outcome.diagnostics.every((one) => one.line > 0 && one.column > 0)).toBe(true);
    return;
  }
  if (outcome instanceof Error) throw outcome;
}
