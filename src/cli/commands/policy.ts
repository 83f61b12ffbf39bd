import { providers } from '../../providers/registry.ts';
import { type Command, DONE, UsageError } from '../io.ts';
import { noMoreThan, options, readConfig } from '../session.ts';

export const policy: Command = {
  summary:
    'Print the least that Muster must be allowed for what the config enables: for the accounts, for who may take their role, and for the hub. Asks nobody.',
  usage: `usage: muster policy PROVIDER [--hub WHO] [--only NAME] [--config FILE]

  --hub   who takes the role in the accounts, as the trust policy names it (AWS: an ARN); a hub that is a role is known
  --only  one document alone, ready for the cloud's own command line: account-policy, account-trust or hub-policy
  Without --only: one JSON object, document by name, each with what it is for.`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: 'string' }, hub: { type: 'string' }, only: { type: 'string' } },
    });
    noMoreThan(1, positionals);
    const able = providers.filter((one) => one.policies !== undefined);
    const provider = able.find(({ name }) => name === positionals[0]);
    if (provider === undefined) throw new UsageError(`say which: ${able.map(({ name }) => name).join(', ')}`);
    const config = await readConfig(io, values.config);
    const documents =
      provider.policies?.({
        accounts: config.accounts.filter((account) => account.provider === provider.name),
        organizations: config.organizations.filter((organization) => organization.provider === provider.name),
        ...(values.hub === undefined ? {} : { hub: values.hub }),
      }) ?? [];
    const names = documents.map(({ name }) => name).join(', ') || 'none';
    const only = documents.find(({ name }) => name === values.only);
    if (values.only !== undefined && only === undefined)
      throw new UsageError(`there is no document ${JSON.stringify(values.only)} for this config; there are: ${names}`);
    const all = Object.fromEntries(documents.map(({ name, about, document }) => [name, { about, document }]));
    await io.out(`${JSON.stringify(only === undefined ? all : only.document, null, 2)}\n`);
    return DONE;
  },
};
