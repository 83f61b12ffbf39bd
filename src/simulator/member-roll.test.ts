import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { type Simulator, startSimulator } from './simulator.ts';

test.each(['alibaba', 'tencent'] as const)(
  'who is in an organization of %s, by which name, and how it is told, is changed by the control plane and in the history',
  async (name) => {
    const organization = { members: 2 };
    const simulator = await startSimulator({
      clock: movableClock(),
      accounts: 0,
      [name]: { accounts: 3, usersPerAccount: 0, organization },
    });
    const cloud = simulator[name]!;
    const [one, other, outside] = cloud.accounts.map(({ id }) => id) as [string, string, string];
    const roll = 'directory' in cloud.world ? cloud.world.directory : cloud.world.organization;

    await post(simulator, [
      { account: one, do: 'rename', to: 'new name' },
      { account: other, do: 'leave' },
      { account: outside, do: 'join' },
      { account: outside, do: 'tag', tags: { bu: 'retail' } },
      { cloud: name, do: 'tell', empty_pages: true, lists_management: true },
    ]);

    expect([...roll.members.keys()]).toEqual([one, outside]);
    expect(roll.members.get(one)?.name).toBe('new name');
    expect(roll.members.get(outside)?.tags).toEqual({ bu: 'retail' });
    expect(roll).toMatchObject({ emptyPages: true, listsManagement: true });
    expect(simulator.history.entries({ account: other }).at(-1)?.action).toBe('organization.leave');
    expect((await post(simulator, [{ account: other, do: 'rename', to: 'x' }])).status).toBe(400);
    expect((await post(simulator, [{ account: one, do: 'explode' }])).status).toBe(400);
    await simulator.close();
  },
);

function post(simulator: Simulator, body: unknown): Promise<Response> {
  return fetch(`${simulator.url}/_simulator/organization`, {
    method: 'POST',
    redirect: 'error',
    body: JSON.stringify(body),
  });
}
