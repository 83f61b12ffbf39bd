import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { scaledClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { Connection } from '../../src/providers/provider.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { HOUR } from '../kit/stage.ts';

const clock = scaledClock(Date.UTC(2026, 10, 20, 9), 20);

let simulator: Simulator;
let account: Account;
let connection: Connection;
let happenings: Happening[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 4, buildMs: 1_000 });
  const [{ id, roleName: role, externalId: external_id }] = simulator.accounts as [Simulator['accounts'][number]];
  const { accessKeyId, secretAccessKey } = simulator.hub;
  const base = {
    access_key: { access_key_id: accessKeyId, secret_access_key: new Secret(secretAccessKey, '${env:KEY}') },
  };
  const settings = aws.settings.parse({
    endpoint: simulator.url,
    max_rps: 100,
    auth: { assume_role: { role, external_id, base } },
  });
  const reports = { 'credential-report': { everyMs: 4 * HOUR } };
  account = { provider: 'aws', id, name: 'prod', labels: {}, reports, settings };
  happenings = [];
  connection = await aws.connect(account, { clock, observe: (one) => void happenings.push(one) });
});

afterEach(async () => {
  connection.close();
  await simulator.close();
});

test('the emitted policy, and nothing else, is enough for the whole report', async () => {
  allow(emitted());

  const whole = await collected();

  expect(happenings).toEqual([]);
  expect(whole.notVisible).toEqual(aws.kinds['credential-report']?.neverShown);
});

test.each([
  ['iam:GenerateCredentialReport', 'denied'],
  ['iam:GetCredentialReport', 'denied'],
  ['iam:ListUsers', 'access key ids of 2 users (not allowed: iam:ListUsers and iam:ListAccessKeys)'],
  ['iam:ListAccessKeys', 'access key ids of 2 users (not allowed: iam:ListUsers and iam:ListAccessKeys)'],
  [
    'iam:ListServiceSpecificCredentials',
    'service-specific credentials (CodeCommit, Keyspaces, Bedrock and other API keys) (not allowed: iam:ListServiceSpecificCredentials)',
  ],
])('without %s there is its own degradation: %s', async (action, expected) => {
  allow(emitted().filter((one) => one !== action));

  const outcome = await collected().catch((error: unknown) => error);

  if (expected === 'denied') {
    expect(outcome).toMatchObject({ kind: 'denied', message: expect.stringContaining(action) });
    return;
  }
  const known = aws.kinds['credential-report']?.neverShown ?? [];
  expect((outcome as RawReport).notVisible.filter((what) => !known.includes(what))).toEqual([expected]);
  expect(happenings).toContainEqual(expect.objectContaining({ kind: 'degraded' }));
});

function emitted(): readonly string[] {
  const documents = aws.policies?.({ accounts: [account], organizations: [] }) ?? [];
  const own = documents.filter(({ name }) => name === 'account-policy');
  return own.flatMap(({ document }) =>
    (document as { Statement: { Action: string[] }[] }).Statement.flatMap(({ Action }) => Action),
  );
}

function allow(actions: readonly string[]): void {
  const role = simulator.world.accounts.get(account.id)?.roles.get('muster-audit');
  if (role !== undefined) role.allow = actions;
}

async function collected(): Promise<RawReport> {
  let state: unknown;
  for (;;) {
    const step = await connection.next('credential-report', {
      state,
      head: undefined,
      headParts: async () => new Map(),
      attempt: async () => memoryAttempt(clock.now()),
      everyMs: 4 * HOUR,
      clock,
      signal: new AbortController().signal,
    });
    if (step.do === 'keep') return step.report;
    if (step.do !== 'wait') throw new Error('a first report is never unchanged');
    state = step.state;
    await clock.sleepUntil(step.until, new AbortController().signal);
  }
}
