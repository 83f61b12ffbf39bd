import type { RootAccess } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import type { Observe } from '../../domain/happening.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member, Organization } from '../../domain/organization.ts';
import { type Asker, ask, insist } from '../../kit/asking.ts';
import { pace } from '../../kit/pace.ts';
import type { Directory, OrganizationPlugin } from '../provider.ts';
import { type OrganizationsApi, openOrganizationsApi } from './organization-api.ts';
import { memberSettings, OrganizationSettings, organizationSettings } from './organization-settings.ts';

const CALLS_PER_SECOND = 8;
const PAGES = 5_000;
const TAGS_KEPT_MS = 60 * 60_000;
/** Some twenty seconds of questions: the tick must not wait for all tags of a large organisation. */
const TAGS_AT_ONCE = 160;

export const organization: OrganizationPlugin = {
  settings: OrganizationSettings,
  member: memberSettings,
  async connect(of, { clock, observe }) {
    const api = await openOrganizationsApi(of.name, organizationSettings(of), clock);
    return directoryOf(of, api, clock, observe);
  },
};

interface Tags {
  readonly tags: Readonly<Record<string, string>>;
  readonly at: Instant;
}

/** Decides, and speaks to no network. */
function directoryOf(of: Organization, api: OrganizationsApi, clock: Clock, observe: Observe): Directory {
  const turn = pace(CALLS_PER_SECOND, clock);
  const known = new Map<string, Tags>();
  let rootAccess: RootAccess | undefined;
  return {
    async list(signal) {
      const asker: Asker = { pace: turn, clock, signal };
      const members = await membersOf(api, asker, of.name);
      const tools = { of, api, asker, observe };
      if (of.labelsFromTags.length > 0) await readTags(members, known, tools);
      rootAccess = await rootAccessOf(tools, rootAccess);
      return members.map((member) => {
        const tags = known.get(member.id)?.tags;
        return {
          ...member,
          ...(tags === undefined ? {} : { tags }),
          ...(rootAccess === undefined || !member.isManagement ? {} : { rootAccess }),
        };
      });
    },
    close: () => api.close(),
  };
}

type Listed = Omit<Member, 'tags' | 'rootAccess'>;

/** Pages until there is no token: a page may be empty, and is not the end. */
async function membersOf(api: OrganizationsApi, asker: Asker, name: string): Promise<readonly Listed[]> {
  const found = new Map<string, Listed>();
  let token: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const from = token;
    const answer = insist(await ask(() => api.members(from, asker.signal), asker));
    for (const { Id: id, Name: account, Arn, State, Status } of answer.Accounts)
      found.set(id, { id, name: account, state: stateOf(State ?? Status), isManagement: Arn.split(':')[4] === id });
    token = answer.NextToken;
    if (token === undefined || token === '') return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (token === from) break;
  }
  throw new Fault('unreachable', `organization ${name}: organizations:ListAccounts does not come to an end`);
}

/** A state that we do not know is tried: being denied is loud, being left out is not. */
function stateOf(state: string | undefined): Member['state'] {
  switch (state) {
    case 'SUSPENDED':
      return 'suspended';
    case 'PENDING_CLOSURE':
    case 'CLOSED':
      return 'closing';
    case 'PENDING_ACTIVATION':
      return 'pending';
    default:
      return 'active';
  }
}

interface Tools {
  readonly of: Organization;
  readonly api: OrganizationsApi;
  readonly asker: Asker;
  readonly observe: Observe;
}

/** One question an account, so they are kept for an hour: unknown ones first, then the oldest. */
async function readTags(members: readonly Listed[], known: Map<string, Tags>, tools: Tools): Promise<void> {
  const { of, api, asker, observe } = tools;
  const now = asker.clock.now();
  const asked = members
    .filter(({ id }) => (known.get(id)?.at ?? 0) + TAGS_KEPT_MS <= now)
    .toSorted((a, b) => (known.get(a.id)?.at ?? 0) - (known.get(b.id)?.at ?? 0))
    .slice(0, TAGS_AT_ONCE);
  for (const { id } of asked) {
    const told = await ask(() => allTags(api, id, asker.signal), asker);
    if ('fault' in told) {
      observe({ kind: 'degraded', source: `organization ${of.provider}/${of.name}`, what: told.fault.message });
      return; // what was told before counts on
    }
    const wanted = Object.entries(told.told).filter(([key]) => of.labelsFromTags.includes(key));
    known.set(id, { tags: Object.fromEntries(wanted), at: now });
  }
}

async function allTags(api: OrganizationsApi, id: string, signal: AbortSignal): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let token: string | undefined;
  do {
    const answer = await api.tags(id, token, signal);
    for (const { Key, Value } of answer.Tags) found[Key] = Value;
    token = answer.NextToken === token ? undefined : answer.NextToken;
  } while (token !== undefined && token !== '');
  return found;
}

/** Undefined where nobody wants to know. The list is whole without it. */
async function rootAccessOf(
  { of, api, asker, observe }: Tools,
  before: RootAccess | undefined,
): Promise<RootAccess | undefined> {
  if (!organizationSettings(of).rootAccess) return undefined;
  const answer = await ask(() => api.rootFeatures(asker.signal), asker);
  if ('told' in answer) return { isManaged: answer.told.EnabledFeatures.includes('RootCredentialsManagement') };
  const { kind, message } = answer.fault;
  observe({ kind: 'degraded', source: `organization ${of.provider}/${of.name}`, what: message });
  if (kind !== 'denied' && before !== undefined) return before; // what was told before counts on
  return { unknown: `central root access: iam:ListOrganizationsFeatures did not tell (${kind})` };
}
