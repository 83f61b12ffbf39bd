import { expect, onTestFinished, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Happening } from '../../src/domain/happening.ts';
import { Secret } from '../../src/kit/secret.ts';
import { aws } from '../../src/providers/aws/index.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { type MovableClock, movableClock, passing } from '../kit/movable-clock.ts';
import { organization } from '../kit/organization.ts';
import { actionsIn, emitted, enforced, noteOf, outcomeOf, seen, shown, without } from '../kit/policies.ts';
import { HOUR } from '../kit/stage.ts';

const REPORTS = { 'credential-report': { everyMs: 4 * HOUR } };
const TAGS = { team: 'audit' };
const signal = new AbortController().signal;

test('the emitted policies, to the letter and nothing else, are enough for the whole report', async () => {
  const bench = await policyBench();

  expect(seen(await bench.outcome(), aws)).toEqual({ notVisible: [] });
  expect(bench.happenings).toEqual([]);
  expect((await bench.probe()).filter(({ problem }) => problem !== undefined)).toEqual([]);
});

test.each(actionsIn(documents('ours').get('account-policy')))(
  'without %s the account loses what is documented',
  async (action) => {
    const bench = await policyBench({ account: (document) => without(document, action) });
    const { without: loss } = noteOf(aws, action, 'account');

    expect(seen(await bench.outcome(), aws)).toEqual(shown(loss, action, expect));

    const missing = (await bench.probe()).filter(({ problem }) => problem !== undefined);
    expect(missing.map(({ permission }) => permission)).toEqual([action]);
    expect(bench.happenings.length > 0).toBe(loss.shows === 'not-visible');
  },
);

test.each(actionsIn(documents('ours').get('hub-policy')))(
  'without %s the hub loses what is documented',
  async (action) => {
    const bench = await policyBench({ hub: (document) => without(document, action) });
    const { without: loss } = noteOf(aws, action, 'hub');
    const isOfAccounts = action.startsWith('sts:');

    const outcome = isOfAccounts ? seen(await bench.outcome(), aws) : await bench.listed();

    if (isOfAccounts || loss.shows === 'fault')
      expect(outcome).toMatchObject({ fault: 'denied', message: expect.stringContaining(action) });
    else {
      expect(outcome).toMatchObject({ accounts: 2 });
      expect(bench.happenings).toEqual([
        expect.objectContaining({ kind: 'degraded', what: expect.stringContaining(action) }),
      ]);
    }
  },
);

test('whoever the trust policy does not name, or with another external id, is not let in', async () => {
  const stranger = await policyBench({
    trust: () => documents('ours', 'arn:aws:iam::111122223333:user/stranger').get('account-trust'),
  });
  const guessing = await policyBench({ trust: () => documents('theirs').get('account-trust') });

  for (const bench of [stranger, guessing])
    expect(seen(await bench.outcome(), aws)).toMatchObject({
      fault: 'denied',
      message: expect.stringContaining('sts:AssumeRole'),
    });
});

function documents(externalId: string, hub = 'arn:aws:iam::111122223333:user/muster') {
  return emitted(aws, {
    organizations: [organized({ role: 'muster-audit', external_id: externalId, tags: TAGS })],
    hub,
  });
}

function organized(settings: object) {
  return organization({
    settings: aws.organization?.settings.parse(settings),
    reports: REPORTS,
    labelsFromTags: ['bu'],
  });
}

type Change = (document: unknown) => unknown;

interface Changes {
  readonly account?: Change;
  readonly hub?: Change;
  readonly trust?: Change;
}

/** An organisation of one member, whose roles have what is emitted, changed as the test wants. */
async function policyBench({ account = same, hub = same, trust = same }: Changes = {}) {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 4, buildMs: 1_000 });
  onTestFinished(() => simulator.close());
  const [{ id, roleName, externalId }] = simulator.accounts as [(typeof simulator.accounts)[number]];
  const owner = simulator.world.keyOwners.get(simulator.hub.accessKeyId)!;
  const given = documents(externalId, `arn:aws:iam::111122223333:user${owner.identity.path}${owner.identity.name}`);
  const role = simulator.world.accounts.get(id)!.roles.get(roleName)!;
  role.allow = enforced(account(given.get('account-policy')));
  role.trust = enforced(trust(given.get('account-trust')));
  owner.identity.allow = enforced(hub(given.get('hub-policy')));
  const of = organized({
    role: roleName,
    external_id: externalId,
    tags: TAGS,
    endpoint: simulator.url,
    auth: {
      access_key: {
        access_key_id: simulator.hub.accessKeyId,
        secret_access_key: new Secret(simulator.hub.secretAccessKey, '${env:KEY}'),
      },
    },
  });
  const happenings: Happening[] = [];
  const tools = { clock, observe: (one: Happening) => void happenings.push(one) };
  const member: Account = {
    provider: 'aws',
    id,
    name: 'prod',
    labels: {},
    reports: REPORTS,
    settings: { ...(aws.organization!.member(of, id) as object), maxRps: 100 },
  };
  const connection = await aws.connect(member, tools);
  onTestFinished(() => connection.close());
  return {
    happenings,
    outcome: () => outcomeOf(collected(clock, connection)),
    probe: () => passing(clock, connection.probe(signal)),
    async listed() {
      const directory = await aws.organization!.connect(of, tools);
      onTestFinished(() => directory.close());
      return passing(clock, directory.list(signal)).then(
        (members) => ({ accounts: members.length }),
        ({ kind, message }: { kind: string; message: string }) => ({ fault: kind, message }),
      );
    },
  };
}

function same(document: unknown): unknown {
  return document;
}

async function collected(clock: MovableClock, connection: Awaited<ReturnType<typeof aws.connect>>) {
  let state: unknown;
  for (;;) {
    const look = { state, head: undefined, headParts: async () => new Map(), everyMs: 4 * HOUR, clock, signal };
    const step = await passing(
      clock,
      connection.next('credential-report', { ...look, attempt: async () => memoryAttempt(clock.now()) }),
    );
    if (step.do === 'keep') return step.report;
    if (step.do !== 'wait') throw new Error('a first report is never unchanged');
    state = step.state;
    clock.move(step.until - clock.now());
  }
}
