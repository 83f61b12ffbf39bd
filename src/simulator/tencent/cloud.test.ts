import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { startSimulator } from '../simulator.ts';

async function started() {
  const simulator = await startSimulator({
    clock: movableClock(),
    accounts: 0,
    tencent: { accounts: 2, usersPerAccount: 8 },
  });
  onTestFinished(() => simulator.close());
  const control = async (path: string, body?: object): Promise<unknown> => {
    const how = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${simulator.url}/_simulator/${path}`, { redirect: 'error', ...how });
    return answer.json();
  };
  return { simulator, control };
}

test('it says all that a config needs', async () => {
  const { simulator, control } = await started();

  expect(await control('')).toMatchObject({
    clouds: {
      tencent: {
        endpoint: simulator.url,
        credentials: { secret_id: simulator.tencent?.hub.secretId },
        accounts: [{ provider: 'tencent', account_id: '100010000101', site: 'mainland', role: 'muster-audit' }, {}],
      },
    },
  });
});

test('the control plane changes people, and the history tells of it', async () => {
  const { control } = await started();
  const account = '100010000101';

  const made = await control('identities', [
    { account, do: 'create_user', user: 'new', type: 'Collaborator' },
    { account, do: 'create_key', user: 'new' },
  ]);

  expect(made).toMatchObject([
    { uin: expect.any(Number) as number },
    { key_id: expect.stringMatching(/^AKID/) as string },
  ]);
  const history = (await control(`history?account=${account}`)) as readonly { readonly action: string }[];
  expect(history.slice(-2).map(({ action }) => action)).toEqual(['user.created', 'key.created']);
  expect(await control('identities', { account, do: 'fly', user: 'new' })).toMatchObject({
    error: expect.stringContaining('create_user') as string,
  });
});

test('the same seed makes the same world', async () => {
  const worlds = await Promise.all([started(), started()]);

  const [one, other] = worlds.map(({ simulator }) => simulator.history.entries());
  expect(one?.length).toBeGreaterThan(20);
  expect(one).toEqual(other);
});

test('what roles may do is set for an account, and is enforced', async () => {
  const { simulator, control } = await started();

  const changed = await control('permissions', {
    account: '100010000101',
    principal: 'muster-audit',
    allow: ['cam:ListUsers'],
  });

  expect(changed).toEqual({ changed: 1 });
  expect(simulator.tencent?.world.accounts.get('100010000101')?.roles.get('muster-audit')?.allow).toEqual([
    'cam:ListUsers',
  ]);
});
