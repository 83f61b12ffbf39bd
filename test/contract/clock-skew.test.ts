import { expect, onTestFinished, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { providers } from '../../src/providers/registry.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { movableClock } from '../kit/movable-clock.ts';
import { shiftedClock } from '../kit/shifted-clock.ts';

const MINUTES = 60_000;

test.each(['aws', 'alibaba', 'tencent'])('%s tells how far its clock is from this machine', async (name) => {
  const ahead = await identified(name, 3 * MINUTES);
  const behind = await identified(name, -2 * MINUTES);

  expect(Math.round((ahead.skewMs?.() ?? 0) / MINUTES)).toBe(3);
  expect(Math.round((behind.skewMs?.() ?? 0) / MINUTES)).toBe(-2);
});

test.each([
  ['alibaba', 20 * MINUTES],
  ['tencent', 6 * MINUTES],
])('%s refuses a clock that is too far off, and the fault says what to do', async (name, skewMs) => {
  await expect(identified(name, skewMs)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining("this machine's clock is wrong: set it by NTP"),
  });
});

/** The simulated cloud judges signatures by its own time. */
async function identified(name: string, aheadMs: number) {
  const clock = movableClock();
  const wallClock = shiftedClock(aheadMs);
  const simulator = await startSimulator({ clock, wallClock, accounts: 1, alibaba: {}, tencent: {} });
  onTestFinished(() => simulator.close());
  const provider = providers.find((one) => one.name === name)!;
  const connection = await provider.connect(accountOf(provider, simulator), { clock, observe: () => undefined });
  onTestFinished(() => connection.close());
  await connection.identify(new AbortController().signal);
  return connection;
}

function accountOf(provider: Provider, simulator: Simulator): Account {
  const { hub, alibaba, tencent } = simulator;
  const secret = (text: string) => new Secret(text, '${env:KEY}');
  const keys: Readonly<Record<string, object>> = {
    aws: { access_key: { access_key_id: hub.accessKeyId, secret_access_key: secret(hub.secretAccessKey) } },
    alibaba: {
      access_key: { access_key_id: alibaba!.hub.accessKeyId, access_key_secret: secret(alibaba!.hub.accessKeySecret) },
    },
    tencent: { secret: { secret_id: tencent!.hub.secretId, secret_key: secret(tencent!.hub.secretKey) } },
  };
  const settings = provider.settings.parse({ endpoint: simulator.url, auth: keys[provider.name] });
  return { provider: provider.name, id: '111122223333', name: 'hub', labels: {}, reports: {}, settings };
}
