import { expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { deployment } from '../kit/deployment.ts';
import { movableClock } from '../kit/movable-clock.ts';

const USERS = 250; // more than a page

test('the tags of users reach plain and datadog, when they are asked for', async ({ onTestFinished }) => {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, buildMs: 0, accounts: 1, usersPerAccount: USERS });
  onTestFinished(() => simulator.close());
  const [account] = simulator.accounts;
  const names = [...simulator.world.accounts.get(account!.id)!.users.values()].map(({ name }) => name);
  for (const [tag, value] of [
    ['team', 'payments'],
    ['note', 'a, "b"'],
  ])
    await mutate(simulator.url, { account: account!.id, do: 'tag_user', user: names.at(-1), tag, value });
  const muster = await deployment({ simulator, account: { user_tags: true, key_ids: false, max_rps: 100 } });
  onTestFinished(() => muster.remove());

  expect(await muster.run(['collect'])).toMatchObject({ code: 0, stderr: '' });
  const inventory = async (format: string): Promise<readonly Row[]> => {
    const { stdout } = await muster.run(['events', '--kind', 'inventory', '--format', format]);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  };

  const plain = await inventory('plain');
  expect(plain).toHaveLength(USERS + 1);
  expect(plain.filter(({ data }) => data?.tags !== undefined)).toHaveLength(USERS);
  expect(plain.find(({ identity }) => identity?.name === names.at(-1))?.data?.tags).toEqual({
    note: 'a, "b"',
    team: 'payments',
  });
  const rows = await inventory('datadog');
  expect(rows.find(({ user }) => user === names.at(-1))?.tags).toBe('"note:a, ""b""",team:payments');
  expect(rows.find(({ user }) => user === '<root_account>')?.tags).toBeNull();
});

interface Row {
  readonly identity?: { readonly name: string };
  readonly data?: { readonly tags?: unknown };
  readonly user?: string;
  readonly tags?: unknown;
}

async function mutate(url: string, mutation: object): Promise<void> {
  const answer = await fetch(`${url}/_simulator/identities`, { method: 'POST', body: JSON.stringify(mutation) });
  if (!answer.ok) throw new Error(await answer.text());
}
