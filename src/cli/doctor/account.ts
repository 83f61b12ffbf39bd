import type { Account } from '../../domain/account.ts';
import { Fault } from '../../domain/fault.ts';
import { sourceName } from '../../domain/names.ts';
import type { Stage } from '../../pipeline/stage.ts';
import type { Connection, Probed, Provider } from '../../providers/provider.ts';
import { providers } from '../../providers/registry.ts';
import { ago, oldness } from '../text.ts';
import { type Finding, tried } from './finding.ts';

/** A clock that is so far off is worth a word, whatever the cloud still takes. */
const SKEW_MS = 60_000;
const BROUGHT = 'a person brings its reports: the cloud is not asked';

/** Whose credentials, what they may do and what is lost where they may not, the clocks, the age of the reports. */
export async function examineAccount(
  account: Account,
  stage: Stage,
  signalOf: () => AbortSignal,
  deadlineMs: number,
): Promise<readonly Finding[]> {
  const about = `account ${account.name}`;
  const provider = providers.find(({ name }) => name === account.provider);
  if (!isAsked(account, stage)) return [await tried(about, async () => BROUGHT, deadlineMs, account)];
  const further: Finding[] = [];
  const attempt = async () => {
    const signal = signalOf();
    const connection = await stage.connection(account);
    const { accountId, principal } = await connection.identify(signal);
    if (accountId !== account.id) throw notOurs(account, accountId, principal);
    for (const probed of await connection.probe(signal)) {
      if (probed.problem !== undefined) further.push(lack(account, provider, probed, probed.problem));
    }
    further.push(...skewed(account, provider, connection));
    const ages = await agesOf(account, stage);
    further.push(...ages.flatMap(({ stale }) => (stale === undefined ? [] : [stale])));
    return [principal, ...wayIn(account, provider), ...ages.map(({ text }) => text)].join('; ');
  };
  return [await tried(about, attempt, deadlineMs, account), ...further];
}

/** An account of which a person brings every report needs no credentials. */
function isAsked({ provider, id, reports }: Account, stage: Stage): boolean {
  return Object.keys(reports).some(
    (kind) => stage.kind(sourceName({ provider, accountId: id, kind }))?.collectable !== false,
  );
}

function notOurs({ id }: Account, accountId: string, principal: string): Fault {
  const what = `its credentials belong to account ${accountId} (${principal}), not to ${id}`;
  return new Fault('misconfigured', `${what}; mend auth or account_id`);
}

function wayIn({ settings }: Account, provider: Provider | undefined): readonly string[] {
  const outline = provider?.outline?.(settings);
  if (outline === undefined) return [];
  return [outline.endpoint, ...(outline.isCutDown ? ['its sessions may do no more than Muster asks for'] : [])];
}

/** Which report kind needs it, and what is lost without it. */
function lack(account: Account, provider: Provider | undefined, probed: Probed, problem: string): Finding {
  const { permission, needed } = probed;
  const kinds = Object.keys(account.reports).filter((name) => {
    const { required = [], optional = [] } = provider?.kinds[name]?.permissions ?? {};
    return [...required, ...optional].includes(permission);
  });
  const note = provider?.actions?.find(({ action, on }) => action === permission && on === 'account');
  const isDenied = problem.includes(`allow ${permission} `);
  const what = isDenied ? `${permission} is not allowed` : `${permission}: ${problem}`;
  const cost = note === undefined ? '' : `: ${costOf(note, needed)}`;
  return {
    about: `account ${account.name}`,
    ok: !needed,
    text: `${kinds.join(', ')}${kinds.length === 0 ? '' : ': '}${what}${cost}`,
    next: `allow ${permission} (muster policy ${account.provider} --only account-policy)`,
    cause: `${account.provider} lacks ${permission} ${isDenied ? '' : problem.replaceAll(/\d{4,}/g, '#')}`.trim(),
    account,
  };
}

/** Where it is needed only elsewhere, what it costs there. */
function costOf({ without, elsewhere }: NonNullable<Provider['actions']>[number], needed: boolean): string {
  const isElsewhere = without.shows === 'nothing' && elsewhere !== undefined;
  if (!isElsewhere) return without.words;
  return needed ? elsewhere.words : `${without.words}; ${elsewhere.where}: ${elsewhere.words}`;
}

function skewed(account: Account, provider: Provider | undefined, connection: Connection): readonly Finding[] {
  const skewMs = connection.skewMs?.();
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_MS) return [];
  const limit = provider?.outline?.(account.settings).mostSkewMs;
  const refuses = limit === undefined ? '' : `; beyond ${limit / 60_000} minutes calls are refused`;
  return [
    {
      about: `account ${account.name}`,
      ok: false,
      text: `this machine's clock is ${ago(skewMs)} ${skewMs > 0 ? 'behind' : 'ahead of'} the cloud's${refuses}`,
      next: 'set it by NTP',
      cause: `${account.provider} clock`,
      account,
    },
  ];
}

async function agesOf(account: Account, stage: Stage) {
  const ages: { readonly text: string; readonly stale: Finding | undefined }[] = [];
  for (const [kind, { everyMs }] of Object.entries(account.reports)) {
    const source = sourceName({ provider: account.provider, accountId: account.id, kind });
    if (stage.kind(source)?.collectable === false) continue;
    const head = await stage.archive.head(source);
    if (head === undefined) ages.push({ text: `no ${kind} yet`, stale: undefined });
    else {
      const ageMs = stage.clock.now() - head.generatedAt;
      const text = `${kind} ${head.number} is ${oldness(ageMs, ' old')}`;
      ages.push({ text, stale: ageMs > 2 * everyMs ? staleOf(account, kind, text) : undefined });
    }
  }
  return ages;
}

function staleOf(account: Account, kind: string, text: string): Finding {
  const next = 'muster status tells what fails; does the daemon run?';
  const cause = `${account.provider} ${kind} is stale`;
  return { about: `account ${account.name}`, ok: false, text: `stale: ${text}`, next, cause, account };
}
