import { splitSource } from '../../domain/names.ts';
import { load } from '../../pipeline/load.ts';
import { csvText } from '../csv.ts';
import { damageTo } from '../damage.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { lookInto, noMoreThan, options, pickSources, type Session } from '../session.ts';
import { cleanText, jsonText, lineOf, table } from '../text.ts';
import { type UnusedOf, type UnusedPermission, unusedIn } from '../unused-permissions.ts';

const KIND = 'access-audit';

export const unused: Command = {
  summary: 'Services and actions that nobody uses, with the policy that grants them, by the newest access audits.',
  usage: `usage: muster unused [IDENTITY] [--source SOURCE|ACCOUNT]… [--config FILE] [--json | --csv]

  IDENTITY  a user or role by its name or the cloud's own id; all of them when it is left out
  --json    with a proposal for each identity: a policy that denies what is not used, and what it leaves
  --csv     for spreadsheets: cells that one would take for a formula get a ' before them`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean' },
        csv: { type: 'boolean' },
      },
    });
    noMoreThan(1, positionals);
    if (values.json === true && values.csv === true) throw new UsageError('--json and --csv: one of them');
    const form = values.json === true ? 'json' : values.csv === true ? 'csv' : 'words';
    return lookInto(io, values.config, (session) => unusedBy(positionals[0], session, io, values.source, form));
  },
};

type Form = 'json' | 'csv' | 'words';

export async function unusedBy(
  identity: string | undefined,
  session: Session,
  io: Io,
  wanted: readonly string[],
  form: Form,
): Promise<number> {
  const all: UnusedOf[] = [];
  const damage = damageTo(io);
  let audits = 0;
  for (const source of await pickSources(session, wanted)) {
    if (splitSource(source).kind !== KIND) continue;
    const head = await session.archive.head(source).catch(damage.meets);
    if (head === undefined) continue;
    audits += 1;
    io.progress(`reading ${source}\n`);
    const report = await load(session.archive, session.stage.kind, head).catch(damage.meets);
    if (report !== undefined) all.push(...unusedIn(report));
  }
  if (audits === 0 && !damage.isMet()) {
    const where = wanted.length === 0 ? '' : ` of ${lineOf(wanted.map(cleanText).join(', '))}`;
    io.err(`no ${KIND}${where} is in the archive: add it under "reports" of an account\n`);
    return FAILED;
  }
  const found = identity === undefined ? all : namedSo(all, identity);
  if (found.length === 0 && identity !== undefined) {
    io.err(`none of the newest access audits knows a user or role ${lineOf(JSON.stringify(cleanText(identity)))}\n`);
    return FAILED;
  }
  await io.out(written(found, form));
  return damage.isMet() ? FAILED : DONE;
}

/** But for capitals, where nobody is named exactly so. */
function namedSo(all: readonly UnusedOf[], text: string): readonly UnusedOf[] {
  const exact = all.filter(({ identity: { id, name } }) => id === text || name === text);
  const same = (one: string) => one.toLowerCase() === text.toLowerCase();
  return exact.length > 0 ? exact : all.filter(({ identity: { id, name } }) => same(id) || same(name));
}

function written(found: readonly UnusedOf[], form: Form): string {
  switch (form) {
    case 'json':
      return jsonText(found);
    case 'csv':
      return csvText(
        COLUMNS,
        found.flatMap((one) => one.unused.map((permission) => csvRow(one, permission))),
      );
    case 'words':
      return inWords(found);
  }
}

const COLUMNS = [
  'source',
  'account',
  'generated_at',
  'identity_kind',
  'identity_id',
  'identity_name',
  'service',
  'action',
  'last_used_at',
  'granted_by',
];

function csvRow({ source, account, generated_at, identity }: UnusedOf, permission: UnusedPermission) {
  const { service, action = '', last_used_at, granted_by } = permission;
  const { kind, id, name } = identity;
  return [source, account, generated_at, kind, id, name, service, action, last_used_at, granted_by.join('; ')];
}

function inWords(found: readonly UnusedOf[]): string {
  const rows = found.flatMap(({ account, identity, unused }) =>
    unused.map(({ service, action, last_used_at, granted_by }) => [
      account,
      `${identity.kind} ${identity.name}`,
      service,
      action ?? '(all)',
      last_used_at,
      granted_by.join(', ') || '-',
    ]),
  );
  const untold = found.filter(({ complete }) => !complete);
  const isAllTold = found.every(({ complete, not_told }) => complete && not_told.length === 0);
  const policies = found.flatMap(({ account, identity, policies_unused }) =>
    policies_unused.map((policy) => lineOf(`${policy} of ${identity.kind} ${identity.name} in ${account}`)),
  );
  return [
    rows.length === 0
      ? `${isAllTold ? 'nothing that is granted was' : 'nothing is known to be granted and'} left unused${daysText(found)}\n`
      : table(['ACCOUNT', 'IDENTITY', 'SERVICE', 'ACTION', 'LAST USED', 'GRANTED BY'], rows),
    ...policies.map((line) => `nothing that a policy grants is used: ${line}\n`),
    ...untold
      .map(({ account, identity }) => lineOf(`not all could be read of ${identity.name} in ${account}`))
      .map((line) => `${line}\n`),
    ...found.flatMap(notToldText),
  ].join('');
}

const MOST_NAMED = 8;

function notToldText({ account, identity, not_told: services }: UnusedOf): readonly string[] {
  if (services.length === 0) return [];
  const names = services.slice(0, MOST_NAMED).map(({ service }) => service);
  const list = [...names, ...(services.length > MOST_NAMED ? ['…'] : [])].join(', ');
  const who = `${identity.kind} ${identity.name} in ${account}`;
  const why = [...new Set(services.flatMap(({ why }) => why))].join('; ');
  const count = services.length === 1 ? '1 service' : `${services.length} services`;
  return [`${lineOf(`whether ${who} uses ${count} nobody can tell (${list})${why === '' ? '' : `: ${why}`}`)}\n`];
}

/** Of the rule in force, where it is one for all. */
function daysText(found: readonly UnusedOf[]): string {
  const days = new Set(found.map(({ unused_days }) => unused_days));
  return days.size === 1 ? ` for ${[...days].join('')} days` : '';
}
