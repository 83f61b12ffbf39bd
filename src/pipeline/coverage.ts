import type { JobState } from '../archive/port.ts';
import type { Account } from '../domain/account.ts';
import type { Context } from '../domain/context.ts';
import { COVERAGE_STATES, type Coverage } from '../domain/coverage.ts';
import { formatInstant } from '../domain/instant.ts';
import { splitSource } from '../domain/names.ts';
import type { Member, Organization } from '../domain/organization.ts';
import { CONTEXT_PART, isAudit, type ParsedReport, type ReportEntry } from '../domain/report.ts';
import { inTurns } from '../kit/steps.ts';
import { exclusionOf, knownAccounts, whyNot } from './accounts.ts';
import { isAbout } from './guard.ts';
import { undecided } from './keep.ts';
import { memberLists } from './member-lists.ts';
import { type ConfiguredSource, configuredSources, type Stage } from './stage.ts';
import { organizationState, sourceState } from './state.ts';

/** Who came or went meanwhile is no gap. */
const AT_ONCE_MS = 10 * 60_000;

/** An account that somebody outside of Muster knows of. */
export interface Expected {
  readonly provider: string;
  readonly accountId: string;
  readonly name?: string;
  readonly owner?: string;
}

type Told = Pick<Coverage, 'state' | 'why'> & Pick<Partial<Coverage>, 'generated_at'>;

/** Every account that anybody knows of: the YAML, the lists of members, the expected list, the archive. */
export async function coverage(stage: Stage, expected: readonly Expected[]): Promise<readonly Coverage[]> {
  const found = new Map<string, Coverage>();
  const add = (one: Coverage) => {
    const key = `${one.provider}/${one.account_id}`;
    if (!found.has(key)) found.set(key, one);
  };
  for (const account of await knownAccounts(stage)) add(await ofAccount(account, stage));
  for (const { organization, list } of await memberLists(stage))
    for (const member of list?.members ?? []) add(ofLeftOut(organization, member, stage));
  for (const { provider, accountId, name = accountId, owner } of expected) {
    const why = ['expected, but neither in the YAML nor in a list of members'];
    add({ provider, account_id: accountId, name, state: 'unlisted', why, ...(owner === undefined ? {} : { owner }) });
  }
  for (const source of await stage.archive.sources()) {
    const { provider, accountId } = splitSource(source);
    const why = ['collected once, but no longer in the YAML or in a list of members'];
    if (provider !== 'muster') add({ provider, account_id: accountId, name: accountId, state: 'unlisted', why });
  }
  return [...found.values()].toSorted(
    (a, b) =>
      COVERAGE_STATES.indexOf(a.state) - COVERAGE_STATES.indexOf(b.state) ||
      (`${a.provider}/${a.account_id}` < `${b.provider}/${b.account_id}` ? -1 : 1),
  );
}

function ofLeftOut(organization: Organization, member: Member, stage: Stage): Coverage {
  const now = stage.clock.now();
  const exclusion = exclusionOf(organization, member.id, now);
  const base = {
    provider: organization.provider,
    account_id: member.id,
    name: member.name,
    organization: organization.name,
    why: [exclusion?.reason ?? whyNot(organization, member, now) ?? 'not collected'],
  };
  if (exclusion !== undefined) return { ...base, state: 'excluded', owner: exclusion.owner, until: exclusion.until };
  return { ...base, state: member.state === 'active' ? 'unlisted' : 'excluded' };
}

/** The worst of its report kinds. */
async function ofAccount(account: Account, stage: Stage): Promise<Coverage> {
  const told: Told[] = [];
  const targets = configuredSources([account]);
  const collected = targets.filter(({ source }) => stage.kind(source)?.collectable !== false);
  for (const target of collected.length > 0 ? collected : targets) told.push(await ofSource(target, stage)); // else a person brings them
  const [worst = { state: 'unlisted' as const, why: ['no report kind is collected'] }] = told.toSorted(
    (a, b) => COVERAGE_STATES.indexOf(a.state) - COVERAGE_STATES.indexOf(b.state),
  );
  const { provider, id, name, labels, organization } = account;
  return { provider, account_id: id, name, labels, ...(organization === undefined ? {} : { organization }), ...worst };
}

async function ofSource(target: ConfiguredSource, stage: Stage): Promise<Told> {
  const { source, everyMs, account } = target;
  const head = await stage.archive.head(source);
  const age = head === undefined ? {} : { generated_at: formatInstant(head.generatedAt) };
  const state = (await stage.archive.series<JobState>(sourceState(source)).latest())?.value;
  if (isRefused(state)) return { state: 'denied', why: [state.message], ...age };
  if (head === undefined || stage.clock.now() > head.generatedAt + 2 * everyMs) {
    const hub = await hubState(account, stage);
    const old = head === undefined ? 'no report yet' : 'the newest report is more than two cadences old';
    const why = [old, ...[hub, state].flatMap((one) => (one === undefined || one.state === 'ok' ? [] : [one.message]))];
    return { state: isRefused(hub) ? 'denied' : 'stale', why, ...age };
  }
  const parts = await stage.archive.parts(head);
  const context = JSON.parse(new TextDecoder().decode(parts.get(CONTEXT_PART))) as Context; // our own part
  const kind = stage.kind(source);
  const parsed = kind && (await inTurns(kind.parse(parts)));
  const waiting = await undecided(target, head, stage);
  const why = [
    ...context.not_visible.filter((what) => kind?.neverShown?.some((never) => what.startsWith(never)) !== true),
    ...waiting.map(({ id, reason }) => `report ${id} is in quarantine: ${reason}`),
    ...disagreement(head, parsed, context.not_visible),
  ];
  return { state: why.length === 0 ? 'covered' : 'partial', why, ...age };
}

/** What the cloud itself counts: its users, so an audit has nothing to be compared with. Only where it was asked right after the report was made must both be the same. */
function disagreement(
  { generatedAt, collectedAt }: ReportEntry,
  parsed: ParsedReport | undefined,
  notVisible: readonly string[],
): readonly string[] {
  if (parsed === undefined || isAudit(parsed)) return [];
  const { rows, population } = parsed;
  const isSaid = notVisible.some((what) => what.includes('own count of users'));
  if (population === undefined)
    return isSaid ? [] : ["the report was not compared with the cloud's own count of users yet"];
  const agrees = collectedAt - generatedAt > AT_ONCE_MS ? isAbout(population, rows) : population === rows;
  return agrees ? [] : [`the report has ${rows} rows, and the account summary counts ${population} identities`];
}

function isRefused(state: JobState | undefined): state is JobState {
  return state?.state === 'failing' && (state.fault === 'denied' || state.fault === 'misconfigured');
}

async function hubState({ provider, organization: name }: Account, stage: Stage): Promise<JobState | undefined> {
  if (name === undefined) return undefined;
  return (await stage.archive.series<JobState>(organizationState({ provider, name })).latest())?.value;
}
