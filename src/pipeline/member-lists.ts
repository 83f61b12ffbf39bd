import type { Series } from '../archive/port.ts';
import { isCollapse } from '../domain/collapse.ts';
import { collectsFrom } from '../domain/duties.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import type { Member, Organization } from '../domain/organization.ts';
import { concurrently } from '../kit/concurrently.ts';
import { isAbout } from './guard.ts';
import type { Stage } from './stage.ts';
import { noteFault, noteHeld, noteOk, organizationState } from './state.ts';

const ORGANIZATIONS_AT_ONCE = 4;
const REMEMBERED_MS = 15_000;
const BELIEVED_AFTER_MS = 24 * 60 * 60_000;

/** What is filed of an organisation: the newest of its series is the present. */
interface MemberList {
  readonly version: 1;
  readonly listed_at: string;
  readonly members: readonly Member[];
}

/** A list that was not believed. */
interface Doubt {
  readonly members: number;
  readonly since: string;
  readonly isOpen: boolean;
}

export interface KnownList {
  readonly organization: Organization;
  /** Undefined when it was never listed. */
  readonly list: MemberList | undefined;
}

interface Remembered {
  readonly lists: readonly KnownList[];
  readonly until: Instant;
}

const remembered = new WeakMap<Stage, Remembered>();

/** The newest filed lists; any worker knows what another one discovered. */
export async function memberLists(stage: Stage): Promise<readonly KnownList[]> {
  const known = remembered.get(stage);
  const now = stage.clock.now();
  if (known !== undefined && now < known.until) return known.lists;
  const lists: KnownList[] = [];
  for (const organization of stage.organizations)
    lists.push({ organization, list: (await seriesOf(stage, organization).latest())?.value });
  remembered.set(stage, { lists, until: now + REMEMBERED_MS });
  return lists;
}

/** Lists the members of each organisation and files the list when it says something new. Faults become its state. */
export async function listMembers(stage: Stage, signal: AbortSignal): Promise<void> {
  const ours = stage.organizations.filter(({ provider }) => collectsFrom(stage.duties, provider));
  await concurrently(ours, ORGANIZATIONS_AT_ONCE, (organization) => listOne(organization, stage, signal));
  remembered.delete(stage);
}

async function listOne(organization: Organization, stage: Stage, signal: AbortSignal): Promise<void> {
  const filed = await seriesOf(stage, organization).latest();
  try {
    const members = await ask(organization, filed?.value, stage, signal);
    const doubt = await doubtOf(organization, filed?.value, members, stage);
    if (doubt !== undefined) {
      stage.observe({ kind: 'held', subject: nameOf(organization), reason: doubt });
      await noteHeld(stage.archive, organizationState(organization), doubt, stage.clock.now());
      return;
    }
    await file(organization, filed, members, stage);
    await noteOk(stage.archive, organizationState(organization), stage.clock.now());
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault)) throw error;
    await failed(organization, filed?.value, error, stage);
  }
}

async function ask(organization: Organization, filed: MemberList | undefined, stage: Stage, signal: AbortSignal) {
  const listed = await (await stage.directory(organization)).list(signal);
  if (listed.length === 0)
    throw new Fault('unreachable', `${nameOf(organization)}: the list of members is empty, and no organisation is`);
  const tags = new Map(filed?.members.map((member) => [member.id, member.tags]));
  return listed.map((member): Member => {
    const kept = member.tags ?? tags.get(member.id);
    return kept === undefined ? member : { ...member, tags: kept };
  });
}

async function file(
  organization: Organization,
  filed: { readonly number: number; readonly value: MemberList } | undefined,
  members: readonly Member[],
  stage: Stage,
): Promise<void> {
  const sorted = members.map(inOrder).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (JSON.stringify(filed?.value.members) === JSON.stringify(sorted)) return;
  const list: MemberList = { version: 1, listed_at: formatInstant(stage.clock.now()), members: sorted };
  await seriesOf(stage, organization).append(list, filed?.number ?? 0); // losing the race: somebody else just listed it
}

/** Always the same keys in the same order, so that two lists can be compared as text. */
function inOrder({ id, name, state, isManagement, tags, rootAccess }: Member): Member {
  const sorted = Object.entries(tags ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    id,
    name,
    state,
    isManagement,
    ...(tags === undefined ? {} : { tags: Object.fromEntries(sorted) }),
    ...(rootAccess === undefined ? {} : { rootAccess }),
  };
}

/** More than half gone: why the list is not believed. A day later it is, when it says the same. */
async function doubtOf(
  organization: Organization,
  filed: MemberList | undefined,
  members: readonly Member[],
  stage: Stage,
): Promise<string | undefined> {
  const series = stage.archive.series<Doubt>(['organization-doubts', organization.provider, organization.name]);
  const latest = await series.latest();
  const open = latest?.value.isOpen === true ? latest.value : undefined;
  const [before, after] = [filed?.members.length ?? 0, members.length];
  const now = stage.clock.now();
  const isSame = open !== undefined && isAbout(open.members, after);
  const isOld = isSame && now >= (parseInstant(open.since) ?? now) + BELIEVED_AFTER_MS;
  if (!isCollapse(before, after) || isOld) {
    if (open !== undefined) await series.append({ ...open, isOpen: false }, latest?.number ?? 0);
    return undefined;
  }
  if (!isSame) await series.append({ members: after, since: formatInstant(now), isOpen: true }, latest?.number ?? 0);
  return `the list of members collapsed from ${before} to ${after}: ${inUse(filed)}; it is believed when the cloud says the same for a day`;
}

async function failed(
  organization: Organization,
  filed: MemberList | undefined,
  fault: Fault,
  stage: Stage,
): Promise<void> {
  const message = `${fault.message}; ${inUse(filed)}`;
  stage.observe({ kind: 'fault', job: 'plan', subject: nameOf(organization), fault: fault.kind, message });
  const said = new Fault(fault.kind, message, { cause: fault });
  await noteFault(stage.archive, organizationState(organization), said, stage.clock.now());
}

function inUse(filed: MemberList | undefined): string {
  return filed === undefined
    ? 'no list was ever read, so no member is known'
    : `the list of ${filed.listed_at} with ${filed.members.length} members is used`;
}

function seriesOf(stage: Stage, { provider, name }: Organization): Series<MemberList> {
  return stage.archive.series(['organizations', provider, name]);
}

export function nameOf({ provider, name }: Organization): string {
  return `organization ${provider}/${name}`;
}
