import { expect, test } from 'vitest';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { type Simulator, startSimulator } from '../simulator.ts';

test('who is in the organization, by which name and in which state, is changed by the control plane and told in the history', async () => {
  const simulator = await startSimulator({
    clock: movableClock(),
    accounts: 3,
    usersPerAccount: 0,
    organization: { members: 2 },
  });
  const [one, other, outside] = simulator.accounts.map(({ id }) => id) as [string, string, string];

  await post(simulator, [
    { account: one, do: 'rename', to: 'new name' },
    { account: other, do: 'set_state', to: 'SUSPENDED' },
    { account: outside, do: 'join' },
    { account: outside, do: 'tag', tags: { bu: 'retail' } },
  ]);
  await post(simulator, [{ account: other, do: 'leave' }]);

  const { members } = simulator.world.organization;
  expect([...members.keys()]).toEqual([simulator.hub.accountId, one, outside]);
  expect(members.get(one)?.name).toBe('new name');
  expect(members.get(outside)?.tags).toEqual({ bu: 'retail' });
  expect(simulator.history.entries({ account: other }).at(-1)?.action).toBe('organization.leave');
  expect((await post(simulator, [{ account: other, do: 'rename', to: 'x' }])).status).toBe(400);
  expect((await post(simulator, [{ account: one, do: 'explode' }])).status).toBe(400);
  await simulator.close();
});

function post(simulator: Simulator, body: unknown): Promise<Response> {
  return fetch(`${simulator.url}/_simulator/organization`, {
    method: 'POST',
    redirect: 'error',
    body: JSON.stringify(body),
  });
}
