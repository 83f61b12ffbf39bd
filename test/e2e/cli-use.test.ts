import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, muster } from '../kit/cli.ts';
import { temporaryFolder } from '../kit/folder.ts';

const COMMANDS =
  'run collect check doctor status reports events explain findings replay dead-letters schema simulate demo'.split(' ');

const GOOD = `archive: ./archive
http: false
accounts:
  - { provider: aws, account_id: "123456789012", name: prod }
sinks:
  - { name: everything, type: file, path: ./events.ndjson }
`;

const BAD = `archive: ./archive
acounts: []
accounts:
  - { provider: aws, account_id: 012345678901, name: prod }
  - { provider: aws, name: staging }
  - { provider: aws, account_id: "123456789012", name: prod2, reports: { credential-report: { every: 1h } } }
sinks:
  - { name: siem, type: webhok }
  - { name: hook, type: webhook, url: "https://siem.example.com", secret: "\${env:NOT_SET_ANYWHERE}" }
tick: "every now and then"
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'muster.yaml'), GOOD);
  await writeFile(join(folder.path, 'bad.yaml'), BAD);
  await writeFile(join(folder.path, 'broken.yaml'), 'accounts: [\n  - {');
});

afterAll(() => folder.remove());

function run(...args: readonly string[]): Promise<CliResult> {
  return muster(args, { cwd: folder.path });
}

test('the overview lists every command, and every command explains itself', async () => {
  const { code, stdout } = await run('--help');

  expect(code).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  const helps = await Promise.all(COMMANDS.map((command) => run(command, '--help')));
  for (const [index, help] of helps.entries())
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`usage: muster ${COMMANDS[index]}`),
      stderr: '',
    });
});

test('without a command the overview is shown, and --version says the version', async () => {
  expect((await run()).stdout).toContain('usage: muster COMMAND');
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^muster \d+\.\d+\.\d+\n$/) });
});

test.each([
  ['reports', 'import', '--account', 'prod', '--generated-at', '2026-11-20T09:00:00Z', 'nowhere.csv'],
  ['reports', 'verify', '--anchors', 'nowhere.ndjson'],
])('%s %s of a file that is not there says only that', async (...args) => {
  expect(await run(...args)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^muster reports: .*nowhere\.\w+ cannot be read: .*\n$/),
  });
});

test.concurrent.each([
  [['constructor'], 'there is no command "constructor"'],
  [['colect'], 'there is no command "colect"'],
  [['collect', '--nwo'], "Unknown option '--nwo'"],
  [['check', 'stray'], 'stray'],
  [['reports'], 'say what'],
  [['reports', 'constructor'], 'say what'],
  [['reports', 'verify', 'stray'], '"stray" is not expected'],
  [['schema', 'config', 'stray'], '"stray" is not expected'],
  [['demo', 'stray'], 'stray'],
  [['reports', 'import', 'x.csv'], 'import needs --account'],
  [['reports', 'show', 'nobody'], 'nobody'],
  [['schema', 'everything'], 'config, events, rows or records'],
  [['dead-letters'], 'say what'],
  [['dead-letters', 'show', 'nothing'], 'there is no dead letter'],
  [['replay'], 'say --sink: there are everything'],
  [['replay', '--sink', 'nobody'], 'no sink'],
  [['events', '--kind', 'chnage'], 'there is no kind "chnage"'],
  [['events', '--format', 'cfe'], 'there is no format cfe'],
  [['events', '--since', 'yesterday'], 'is not a time'],
  [['explain'], 'say which event'],
  [['findings', '--severity', 'nonsense'], 'there are critical, high, medium, low, informational'],
  [['findings', '--check', 'nonsense'], '--check "nonsense" is not known; there are '],
  [['run', '--log-level', 'silly'], 'there are debug, info, warn, error'],
  [['collect', 'nobody'], 'no account'],
  [['simulate', '--cadence', 'often'], 'not a duration'],
])('muster %j is wrong use: exit code 2, and what is wrong', async (args, said) => {
  const { code, stdout, stderr } = await run(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('this is a bug');
});

test('a good config is said to be good, and no cloud is asked', async () => {
  expect(await run('check')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/muster\.yaml: ok: 1 accounts?, 1 sinks?: everything \(file\)/),
  });
});

test.concurrent.each(['check', 'collect', 'run'])(
  '%s tells every mistake of a config at once, each with its place, and exits 2',
  async (command) => {
    const { code, stderr } = await run(command, '--config', 'bad.yaml');

    expect(code).toBe(2);
    for (const place of ['2:1', '4:', '5:', '6:', '8:', '9:', '10:7'])
      expect(stderr).toMatch(new RegExp(`bad\\.yaml:${place}`));
    for (const word of ['accounts', 'quotes', 'account_id', 'too often', 'webhook', 'NOT_SET_ANYWHERE', 'tick'])
      expect(stderr).toContain(word);
  },
);

test('a file that is not YAML, or not there, is told with its name', async () => {
  expect(await run('check', '--config', 'broken.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/broken\.yaml:\d+:\d+/),
  });
  expect(await run('check', '--config', 'absent.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('absent.yaml'),
  });
});

test.concurrent.each(['config', 'events'])('schema %s prints a JSON Schema', async (what) => {
  const { code, stdout } = await run('schema', what);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('$schema');
});

test('before the first collection there is nothing to see, and nothing fails', async () => {
  expect(await run('findings')).toMatchObject({ code: 0, stderr: expect.stringContaining('no report yet of') });
  for (const args of [['events'], ['reports', 'list'], ['dead-letters', 'list'], ['reports', 'verify']])
    expect(await run(...args)).toMatchObject({ code: 0, stderr: '' });
  expect(await run('status', '--json')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"state":"waiting"'),
  });
  expect(await run('explain', 'f'.repeat(32))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no archived report'),
  });
});
