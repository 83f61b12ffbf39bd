import { resolve } from 'node:path';
import { COVERAGE_STATES, type Coverage } from '../../domain/coverage.ts';
import { coverage as coverageOf } from '../../pipeline/coverage.ts';
import { readExpected } from '../expected.ts';
import { type Command, DONE, FAILED } from '../io.ts';
import { lookInto, noMoreThan, options } from '../session.ts';
import { table } from '../text.ts';

const NOT_WELL: readonly string[] = ['denied', 'stale', 'unlisted'];

export const coverage: Command = {
  summary:
    'Every account that anybody knows of (YAML, organizations, an expected list, the archive), each in one state. Reads the archive only.',
  usage: `usage: muster coverage [--expected ACCOUNTS.csv] [--config FILE] [--json]

  --expected  a CSV with a header: account_id, and if you like provider (aws), name and owner
  states: denied, stale, unlisted, partial, excluded, covered (docs/organizations.md); exit code 1 for the first three`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: 'string' }, expected: { type: 'string' }, json: { type: 'boolean' } },
    });
    noMoreThan(0, positionals);
    const expected = values.expected === undefined ? [] : await readExpected(resolve(io.cwd, values.expected));
    return lookInto(io, values.config, async ({ stage }) => {
      const accounts = await coverageOf(stage, expected);
      await io.out(values.json === true ? `${JSON.stringify(accounts)}\n` : inWords(accounts));
      return accounts.some(({ state }) => NOT_WELL.includes(state)) ? FAILED : DONE;
    });
  },
};

function inWords(accounts: readonly Coverage[]): string {
  const rows = accounts.map((one) => [
    one.state,
    one.provider,
    one.account_id,
    one.name,
    one.generated_at ?? '-',
    one.organization ?? '-',
    [...one.why, ...(one.owner === undefined ? [] : [`owner ${one.owner}`]), ...untilOf(one)].join('; '),
  ]);
  const counts = COVERAGE_STATES.map((state) => `${accounts.filter((one) => one.state === state).length} ${state}`);
  const header = ['STATE', 'PROVIDER', 'ACCOUNT', 'NAME', 'REPORT OF', 'ORGANIZATION', 'WHY'];
  return `${table(header, rows)}${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}: ${counts.join(', ')}\n`;
}

function untilOf({ until }: Coverage): readonly string[] {
  return until === undefined ? [] : [`until ${until}`];
}
