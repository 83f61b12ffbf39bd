import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/providers/provider.ts';
import { ORGANIZED, organizationBench } from '../kit/organized-cloud.ts';

const signal = new AbortController().signal;

describe.each(ORGANIZED.map((cloud) => [cloud.provider.name, cloud] as const))('an organisation of %s', (_, cloud) => {
  const [list, describing] = cloud.actions;

  test.each([
    ['as asked', {}],
    ['each after an empty page', { emptyPages: true }],
    ['with the management account among the members', { listsManagement: true }],
  ])('hundreds of members are listed over several pages, %s', async (_how, organization) => {
    const bench = await organizationBench(cloud, { accounts: 250, organization });

    const listed = await bench.list();

    expect(listed.map(({ id }) => id)).toEqual(
      [bench.roll.managementId, ...bench.accounts.map(({ id }) => id)].toSorted(),
    );
    expect(listed.filter(({ isManagement }) => isManagement)).toEqual([
      { id: bench.roll.managementId, name: 'hub', state: 'active', isManagement: true },
    ]);
    expect(listed.every((member) => member.state === 'active' && member.name !== '')).toBe(true);
    expect(bench.calls(list)).toBeGreaterThanOrEqual(Math.ceil(250 / cloud.pageSize));
  });

  test('a member that leaves between two pages costs a second reading, not the one that moved into its place', async () => {
    const bench = await organizationBench(cloud, { accounts: 2 * cloud.pageSize + 1 });
    const [first] = bench.accounts;
    bench.roll.moves = { afterPages: 1, move: () => bench.roll.members.delete(first!.id) };

    const listed = await bench.list();

    expect(listed).toHaveLength(2 * cloud.pageSize + 1);
    expect(listed.some(({ id }) => id === first!.id)).toBe(false);
    expect(listed.some(({ id }) => id === bench.accounts[cloud.pageSize]!.id)).toBe(true);
  });

  test('a list that keeps fewer than it says is a fault', async () => {
    const bench = await organizationBench(cloud, { accounts: 3, organization: { pageSize: 0 } });

    await expect(bench.list()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining(`organization main: `),
    });
  });

  test('names and tags are told as they are now; tags that nobody wants are not asked for or not kept', async () => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    const [one, other] = bench.accounts.map(({ id }) => bench.roll.members.get(id)!);
    Object.assign(one!, { name: 'renamed', tags: { bu: 'retail', other: 'x' } });

    const labelled = await bench.list({ labelsFromTags: ['bu'] });
    const plain = await bench.list();

    expect(labelled.find(({ id }) => id === one!.id)).toMatchObject({ name: 'renamed', tags: { bu: 'retail' } });
    expect(labelled.find(({ id }) => id === other!.id)?.tags).toEqual({});
    expect(plain.every(({ tags }) => tags === undefined)).toBe(true);
    expect(JSON.stringify(labelled)).not.toContain('private-');
  });

  test('who may not know the management account still lists the members, and says so', async () => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    bench.simulator.faults.plant({ match: { action: describing }, kind: 'denied' });

    const listed = await bench.list();

    expect(listed.map(({ id }) => id)).toEqual(bench.accounts.map(({ id }) => id).toSorted());
    expect(bench.happenings).toEqual([
      expect.objectContaining({ kind: 'degraded', what: expect.stringContaining(describing) }),
    ]);
  });

  test('a management account that was told once is known when it is denied later', async () => {
    const bench = await organizationBench(cloud, { accounts: 1 });
    const directory = await bench.directory();
    await directory.list(signal);
    bench.simulator.faults.plant({ match: { action: describing }, kind: 'denied' });

    expect((await directory.list(signal)).map(({ id }) => id)).toContain(bench.roll.managementId);
  });

  test('throttling is waited out', async () => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    bench.simulator.faults.plant({ match: { action: list }, kind: 'throttle', count: 2 });

    expect(await bench.list()).toHaveLength(3);
    expect(bench.calls(list)).toBe(3);
  });

  test.each([
    ['denied', 'denied'],
    ['throttle', 'throttled'],
    ['error500', 'unreachable'],
    ['reset', 'unreachable'],
    ['html', 'unreachable'],
    ['truncated', 'unreachable'],
  ] as const)(
    'a list that is answered with %s is %s, and names the organisation and the action',
    async (kind, fault) => {
      const bench = await organizationBench(cloud, { accounts: 1 });
      bench.simulator.faults.plant({ match: { action: list }, kind });

      await expect(bench.list({ settings: bench.settings({ timeout: '2s' }) })).rejects.toMatchObject({
        kind: fault,
        message: expect.stringMatching(new RegExp(`^organization main: .*${list}`)),
      });
    },
  );

  test("a hub whose key is gone is the organisation's fault for the list and every member, and its secret is in no message", async () => {
    const bench = await organizationBench(cloud, { accounts: 3 });
    const broken = bench.settings({ auth: cloud.key(bench.simulator, 'not-the-secret') });

    const faults = [
      await bench.list({ settings: broken }).catch((error: unknown) => error),
      await failureOf(await bench.member(bench.accounts[0]!.id, broken)),
      await failureOf(await bench.member(bench.accounts[1]!.id, broken)),
    ];

    for (const fault of faults) {
      expect(fault).toMatchObject({ kind: 'denied', message: expect.stringMatching(/^organization main: /) });
      expect(String(fault)).not.toContain('not-the-secret');
    }
    expect(faults.slice(1)).toEqual(faults.slice(1).map(() => expect.objectContaining({ isShared: true })));
  });

  test('one member that is denied is its own fault, and the others are not touched', async () => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    const [denied, other] = bench.accounts;
    bench.simulator.faults.plant({ match: { action: 'AssumeRole', account: denied!.id }, kind: 'denied' });
    const settings = bench.settings();

    expect(await failureOf(await bench.member(denied!.id, settings))).toMatchObject({
      kind: 'denied',
      isShared: false,
      message: expect.stringMatching(new RegExp(`^account ${denied!.id}: sts:AssumeRole`)),
    });
    expect(await (await bench.member(other!.id, settings)).identify(signal)).toMatchObject({ accountId: other!.id });
  });

  test('the wrong external id is denied by the trust of the role', async () => {
    const bench = await organizationBench(cloud, { accounts: 1 });
    const member = await bench.member(bench.accounts[0]!.id, bench.settings({ external_id: 'another' }));

    expect(await failureOf(member)).toMatchObject({ kind: 'denied', isShared: false });
  });

  test('a hub that is itself a role is assumed once for the list and all members', async () => {
    const bench = await organizationBench(cloud, { accounts: 4 });
    const { hub, settings } = hubRole(bench);

    const listed = await bench.list({ settings });
    const members = await Promise.all(bench.accounts.slice(1).map(({ id }) => bench.member(id, settings)));
    await Promise.all(members.map((member) => member.identify(signal)));

    expect(listed).toHaveLength(5);
    expect(bench.calls('AssumeRole', hub)).toBe(1);
  });

  test("a hub's own role that is denied is one fault of the organisation, for the list and every member", async () => {
    const bench = await organizationBench(cloud, { accounts: 3 });
    const { hub, settings } = hubRole(bench);
    bench.simulator.faults.plant({ match: { action: 'AssumeRole', account: hub }, kind: 'denied' });

    const faults = [await bench.list({ settings }).catch((error: unknown) => error)];
    for (const { id } of bench.accounts.slice(1)) faults.push(await failureOf(await bench.member(id, settings)));

    expect(new Set(faults.map(String)).size).toBe(1);
    for (const fault of faults)
      expect(fault).toMatchObject({
        kind: 'denied',
        isShared: true,
        message: expect.stringMatching(/^organization main: sts:AssumeRole is denied/),
      });
  });

  test("a hub's session that the cloud has ended is made anew", async () => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    const { hub, settings } = hubRole(bench);
    const directory = await bench.directory({ settings });
    await directory.list(signal);
    bench.simulator.faults.plant({ match: { action: list }, kind: 'expired_token', count: 1 });

    await expect(directory.list(signal)).rejects.toMatchObject({ kind: 'denied' });
    expect(await directory.list(signal)).toHaveLength(3);
    expect(bench.calls('AssumeRole', hub)).toBe(2);
  });

  /** The first account is the delegated one, and its role takes the role in the others. */
  function hubRole(bench: Awaited<ReturnType<typeof organizationBench>>) {
    const [hub, ...rest] = bench.accounts;
    const { accounts } = (bench.simulator.alibaba ?? bench.simulator.tencent)!.world;
    const role = accounts.get(hub!.id)!.roles.get('muster-audit')!;
    role.allow = '*';
    bench.roll.delegated.add(hub!.id);
    const root = cloud.provider.name === 'alibaba' ? `acs:ram::${hub!.id}:root` : `qcs::cam::uin/${hub!.id}:root`;
    for (const { id } of rest) Object.assign(accounts.get(id)!.roles.get('muster-audit')!, { trusts: [root] });
    const base = cloud.key(bench.simulator);
    const service = cloud.provider.name === 'tencent' ? { trusted_service: 'cam' } : {};
    const auth = { assume_role: { role: hub!.roleArn, external_id: 'muster-demo', base } };
    return { hub: hub!.id, settings: bench.settings({ auth, ...service }) };
  }
});

async function failureOf(connection: Connection): Promise<unknown> {
  return connection.identify(signal).catch((error: unknown) => error);
}
