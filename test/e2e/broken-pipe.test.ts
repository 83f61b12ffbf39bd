import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, MAIN } from '../kit/built-cli.ts';

const run = promisify(execFile);

beforeAll(() => ensureBuilt());

test('a reader that has seen enough ends a listing without a word', async () => {
  const script = `"${process.execPath}" "${MAIN}" schema config | true; exit "\${PIPESTATUS[0]}"`;

  expect(await run('bash', ['-c', script])).toMatchObject({ stdout: '', stderr: '' });
});

test('a full disk behind a redirect is one line, not a stack', async () => {
  const script = `"${process.execPath}" "${MAIN}" schema config > /dev/full`;

  await expect(run('bash', ['-c', script])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^.*ENOSPC.*\n$/),
  });
});
