import { z } from 'zod';
import { describeSimulator } from '../../simulator/describe.ts';
import type { Random } from '../../simulator/random.ts';
import type { Simulator } from '../../simulator/simulator.ts';

const Accounts = z.array(
  z.object({ account_id: z.string(), name: z.string(), role: z.string(), external_id: z.string() }),
);
const Alibaba = z.object({
  endpoints: z.object({ ims: z.string() }),
  credentials: z.object({ access_key_id: z.string(), access_key_secret: z.string() }),
  accounts: Accounts,
});
const Tencent = z.object({
  endpoint: z.string(),
  credentials: z.object({ secret_id: z.string(), secret_key: z.string() }),
  accounts: Accounts,
});

export interface DemoClouds {
  /** By file name: what `${file:secrets/…}` in the config refers to. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly accounts: readonly object[];
}

/** The accounts beside AWS, as the config lists them. */
export function cloudsBesideAws(simulator: Simulator): DemoClouds {
  const { clouds } = describeSimulator(simulator);
  const alibaba = Alibaba.parse(clouds['alibaba']);
  const tencent = Tencent.parse(clouds['tencent']);
  return {
    secrets: {
      alibaba_access_key_id: alibaba.credentials.access_key_id,
      alibaba_access_key_secret: alibaba.credentials.access_key_secret,
      tencent_secret_id: tencent.credentials.secret_id,
      tencent_secret_key: tencent.credentials.secret_key,
    },
    accounts: [
      ...entries('alibaba', alibaba.accounts, alibaba.endpoints.ims, {
        access_key: {
          access_key_id: '${file:secrets/alibaba_access_key_id}',
          access_key_secret: '${file:secrets/alibaba_access_key_secret}',
        },
      }),
      ...entries('tencent', tencent.accounts, tencent.endpoint, {
        secret: { secret_id: '${file:secrets/tencent_secret_id}', secret_key: '${file:secrets/tencent_secret_key}' },
      }),
    ],
  };
}

function entries(provider: string, accounts: z.infer<typeof Accounts>, endpoint: string, base: object): object[] {
  return accounts.map(({ account_id, name, role, external_id }) => ({
    provider,
    account_id,
    name,
    endpoint,
    auth: { assume_role: { role, external_id, base } },
  }));
}

/** One believable thing happens beside AWS: somebody comes, with a key. */
export function stepBesideAws(simulator: Simulator, random: Random): void {
  const cloud = random.pick(simulator.clouds);
  const [account] = Accounts.parse((cloud.describe(simulator.url) as { readonly accounts: unknown }).accounts);
  if (account === undefined) return;
  const user = `new.hire-${random.text('abcdefghjkmnpqrstuvwxyz', 6)}`;
  cloud.mutate({ account: account.account_id, do: 'create_user', user });
  cloud.mutate({ account: account.account_id, do: 'create_key', user });
}
