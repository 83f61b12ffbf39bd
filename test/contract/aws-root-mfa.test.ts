import { expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { scaledClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { aws } from '../../src/providers/aws/index.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { permit } from '../kit/clouds.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';

interface Bench {
  readonly settings?: object;
  readonly mfa?: boolean;
  readonly allowed?: readonly string[];
}

/** What one collection asks and brings, and what the doctor says. */
async function look({ settings = {}, mfa = true, allowed }: Bench) {
  const clock = scaledClock(Date.UTC(2026, 8, 11, 12), 1_000);
  const simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 2, buildMs: 0 });
  try {
    const [account] = simulator.accounts;
    const { root } = simulator.world.accounts.get(account!.id)!;
    if (root.mfa !== mfa) simulator.mutate({ account: account!.id, do: mfa ? 'enable_root_mfa' : 'disable_root_mfa' });
    if (allowed !== undefined) await permit(simulator, account!.id, [...allowed]);
    const { accessKeyId, secretAccessKey } = simulator.hub;
    const key = { access_key_id: accessKeyId, secret_access_key: new Secret(secretAccessKey, '${env:KEY}') };
    const auth = { role: account!.roleName, external_id: account!.externalId, base: { access_key: key } };
    const listed: Account = {
      provider: 'aws',
      id: account!.id,
      name: 'prod',
      labels: {},
      reports: {},
      settings: aws.settings.parse({ endpoint: simulator.url, max_rps: 100, auth: { assume_role: auth }, ...settings }),
    };
    const connection = await aws.connect(listed, { clock, observe: () => undefined });
    const probed = await connection.probe(new AbortController().signal);
    const report = await collected();
    connection.close();
    const parsed = atOnce(
      aws.kinds['credential-report']!.parse(new Map(report.parts.map(({ name, bytes }) => [name, bytes]))),
    );
    return {
      parts: report.parts.map(({ name }) => name),
      notVisible: report.notVisible,
      root: parsed.records.find(({ identity }) => identity.kind === 'root')!,
      probed: new Map(probed.map(({ permission, problem }) => [permission, problem])),
    };

    async function collected(): Promise<RawReport> {
      for (;;) {
        const step = await connection.next('credential-report', {
          state: undefined,
          head: undefined,
          headParts: async () => new Map(),
          attempt: async () => memoryAttempt(clock.now()),
          everyMs: 4 * 3_600_000,
          clock,
          signal: new AbortController().signal,
        });
        if (step.do === 'keep') return step.report;
        if (step.do === 'wait') await clock.sleepUntil(step.until, new AbortController().signal);
      }
    }
  } finally {
    await simulator.close();
  }
}

test('unless it is switched on, nobody is asked which MFA device the root has', { timeout: 20_000 }, async () => {
  const { parts, root, probed } = await look({});

  expect(parts).not.toContain('root-mfa.json');
  expect(root.hardwareMfa).toBeUndefined();
  expect([...probed.keys()]).not.toContain('iam:ListVirtualMFADevices');
});

test('switched on, a virtual device of the root is told', { timeout: 20_000 }, async () => {
  const { parts, root, probed } = await look({ settings: { root_mfa: true } });

  expect(parts).toContain('root-mfa.json');
  expect(root.hardwareMfa).toEqual({ value: false });
  expect(probed.get('iam:ListVirtualMFADevices')).toBeUndefined();
  expect([...probed.keys()]).toContain('iam:ListVirtualMFADevices');
});

test('a root without MFA has no device to ask for', { timeout: 20_000 }, async () => {
  const { parts, root } = await look({ settings: { root_mfa: true }, mfa: false });

  expect(parts).not.toContain('root-mfa.json');
  expect(root.hardwareMfa).toBeUndefined();
});

test('without the permission the report comes all the same, and the doctor says what is missing', {
  timeout: 20_000,
}, async () => {
  const allowed = ['iam:Generate*', 'iam:Get*', 'iam:ListUsers', 'iam:ListAccessKeys'];
  const { parts, notVisible, root, probed } = await look({ settings: { root_mfa: true }, allowed });

  expect(parts).toContain('access-keys.json');
  expect(notVisible).toContain(
    "whether the root's MFA device is a virtual one (not allowed: iam:ListVirtualMFADevices)",
  );
  expect(root.hardwareMfa).toBeUndefined();
  expect(probed.get('iam:ListVirtualMFADevices')).toBeDefined();
});
