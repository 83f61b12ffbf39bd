import { expect, test } from 'vitest';
import type { ServiceAccess } from '../../src/domain/access.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { valueOf } from '../../src/domain/record.ts';
import { ALL_SERVICES } from '../../src/simulator/aws/services.ts';
import { type AuditBench, auditBench, parsedOf } from '../kit/audited-aws.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf } from '../kit/raw-report.ts';

const KIND = 'access-audit';
const DAY_MS = 86_400_000;

test('every identity has a row for each service that its policies give, with its last use and the policies', async () => {
  const bench = await inhabited(6);

  const report = await bench.collect(await bench.connect());

  expect(report.origin).toBe('provider');
  expect(rowsByKey(report, bench)).toEqual(truth(bench));
  expect(bench.said).toEqual([]);
});

test('200 identities with 30 services: killed anywhere it goes on, with at most two in a hundred calls more', async () => {
  const bench = await inhabited(199);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();
  // Lists of users and roles, and for each a job, its answer and its policies.
  expect(least).toBeLessThanOrEqual((2 + 3 * 200) * 1.02);

  for (const after of [1, 2, 3, 7, 50, 211, 400, 555, 601]) {
    bench.simulator.calls.clear();
    const attempt = memoryAttempt(startedAt);
    const killed = await bench.collectUntil(after, attempt);
    const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

    expect(killed, `killed after ${after}`).toBeUndefined();
    expect(csvOf(resumed)).toBe(csvOf(whole));
    expect(bench.calls(), `killed after ${after}`).toBeLessThanOrEqual((2 + 3 * 200) * 1.02);
  }
  expect(mostInASecond(bench)).toBeLessThanOrEqual(20);
}, 240_000);

/** Users with keys, a role, groups and policies of all sorts; some of it used. */
async function inhabited(users: number): Promise<AuditBench> {
  const bench = await auditBench(KIND);
  const services = ALL_SERVICES.slice(0, 30);
  bench.change({ do: 'create_group', group: 'devs' });
  bench.change({ do: 'attach_policy', group: 'devs', policy: 'dev-inline', services: ['s3', 'sqs'] });
  for (let index = 0; index < users; index += 1) {
    const user = `user-${String(index).padStart(3, '0')}`;
    bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user });
    bench.change({ do: 'attach_policy', user, policy: 'thirty', managed: true, services });
    if (index % 3 === 0) bench.change({ do: 'add_to_group', group: 'devs', user });
    if (index % 2 === 0)
      bench.act({ user, service: services[index % 30]!, event: 'ListThings', at: daysAgo(bench, 3) });
  }
  bench.change({ do: 'attach_policy', role: 'muster-audit', policy: 'audit', services: ['iam'] });
  bench.act({ role: 'muster-audit', service: 'iam', event: 'ListUsers', region: 'eu-west-1' });
  return bench;
}

function daysAgo({ clock }: AuditBench, days: number): string {
  return formatInstant(clock.now() - days * DAY_MS);
}

type Row = { readonly last: number | undefined; readonly by: readonly string[] };

function rowsByKey(report: Parameters<typeof parsedOf>[1], { kind }: AuditBench): Record<string, Row> {
  const rows = parsedOf(kind, report).access ?? [];
  return Object.fromEntries(rows.map((row) => [keyOf(row), { last: valueOf(row.lastUsedAt), by: byOf(row) }]));
}

function keyOf({ identity, service }: ServiceAccess): string {
  return `${identity.kind} ${identity.name} ${service}`;
}

function byOf({ grantedBy }: ServiceAccess): readonly string[] {
  return grantedBy.map(({ policy, via }) => `${policy.replace(/^.*\//, '')}${via === undefined ? '' : ` ${via}`}`);
}

/** Read a second time from what truly happened and what is attached. */
function truth({ account, simulator }: AuditBench): Record<string, Row> {
  const { policies, groups, events } = account.audit;
  const rows: Record<string, Row> = {};
  const note = (kind: string, name: string, arn: string, memberships: readonly string[]) => {
    const given = [arn, ...memberships.map((group) => `arn:aws:iam::${account.id}:group/${group}`)].flatMap(
      (owner, at) =>
        (policies.get(owner) ?? []).map((policy) => ({ policy, via: at === 0 ? '' : ` group:${memberships[at - 1]}` })),
    );
    for (const service of new Set(
      given.flatMap(({ policy: { services } }) => (services === '*' ? ALL_SERVICES : services)),
    )) {
      const used = events.filter((event) => event.identity === arn && event.service === service).map(({ at }) => at);
      const by = given
        .filter(({ policy }) => policy.services.includes(service))
        .map(({ policy, via }) => `${policy.name}${via}`);
      rows[`${kind} ${name} ${service}`] = {
        last: used.length === 0 ? undefined : Math.max(...used),
        by: by.toSorted(managedFirst),
      };
    }
  };
  for (const user of account.users.values()) {
    const memberships = [...groups.values()].filter(({ members }) => members.has(user.name)).map(({ name }) => name);
    note('user', user.name, `arn:aws:iam::${account.id}:user${user.path}${user.name}`, memberships);
  }
  note('role', 'muster-audit', `arn:aws:iam::${account.id}:role/muster-audit`, []);
  expect(simulator.accounts[0]!.id).toBe(account.id);
  return rows;
}

function managedFirst(one: string, other: string): number {
  return Number(one.includes(' group:')) - Number(other.includes(' group:'));
}

/** By the simulated time at which each call came in. */
function mostInASecond({ simulator }: AuditBench): number {
  const at = simulator.calls
    .list()
    .filter(({ service }) => service === 'iam')
    .map((call) => Date.parse(call.at));
  return Math.max(...at.map((from) => at.filter((other) => other >= from && other < from + 1_000).length));
}
