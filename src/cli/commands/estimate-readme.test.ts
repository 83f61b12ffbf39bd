import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { estimate } from './estimate.ts';

const FEW = `
archive: ./archive
sinks:
  - { name: few, type: stdout, format: ocsf, events: [change, finding, health, summary], findings: changed }
`;

test('the README has the figures that muster estimate prints', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);

  const formats = await rows(folder.path);
  await writeFile(join(folder.path, 'few.yaml'), FEW);
  const [few = []] = await rows(folder.path, '--config', 'few.yaml');

  expect(formats).toHaveLength(6);
  for (const [, format, , , perDay, gb, atStart, gbAtStart] of formats)
    expect(readme).toContain(`| \`${format}\` | ${spaced(perDay)} | ${gb} | ${spaced(atStart)} | ${gbAtStart} |`);
  expect(readme).toContain(`is sent ${spaced(few[4])} events a day (${few[5]} GB in \`ocsf\`)`);
}, 120_000);

async function rows(cwd: string, ...argv: readonly string[]): Promise<readonly (readonly string[])[]> {
  const io = cliIo(cwd, movableClock());
  expect(await estimate.run(['--accounts', '330', '--identities', '60', ...argv], io)).toBe(0);
  const [table = ''] = io.said.out.split('\n\n');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/));
}

function spaced(count = ''): string {
  return count.replace(/\B(?=(\d{3})+$)/g, ',');
}
