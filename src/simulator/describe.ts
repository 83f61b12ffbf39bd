import type { Simulator } from './simulator.ts';

/** What `muster simulate` prints: all that a config needs. The secret is a random fake. */
export interface SimulatorDescription {
  readonly endpoints: { readonly iam: string; readonly sts: string };
  readonly control: string;
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string };
  readonly region: string;
  readonly accounts: readonly {
    readonly provider: 'aws';
    readonly account_id: string;
    readonly name: string;
    readonly role: string;
    readonly role_arn: string;
    readonly external_id: string;
  }[];
  /** What the clouds beside AWS need, by their names. */
  readonly clouds: Readonly<Record<string, unknown>>;
}

export function describeSimulator(
  simulator: Pick<Simulator, 'url' | 'hub' | 'accounts' | 'clouds'>,
): SimulatorDescription {
  const { url, hub, accounts, clouds } = simulator;
  return {
    endpoints: { iam: url, sts: url },
    control: `${url}/_simulator`,
    credentials: { access_key_id: hub.accessKeyId, secret_access_key: hub.secretAccessKey },
    region: 'us-east-1',
    accounts: accounts.map((account) => ({
      provider: 'aws',
      account_id: account.id,
      name: account.name,
      role: account.roleName,
      role_arn: account.roleArn,
      external_id: account.externalId,
    })),
    clouds: Object.fromEntries(clouds.map((cloud) => [cloud.name, cloud.describe(url)])),
  };
}
