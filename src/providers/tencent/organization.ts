import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/happening.ts';
import { withManagement, withWantedTags } from '../../domain/members.ts';
import type { Member, Organization } from '../../domain/organization.ts';
import { type Asker, ask, insist } from '../../kit/asking.ts';
import { pace } from '../../kit/pace.ts';
import { wholeList } from '../../kit/whole-list.ts';
import type { Directory, OrganizationPlugin } from '../provider.ts';
import type { OrganizationMember } from './organization-answers.ts';
import { type OrganizationApi, openOrganizationApi } from './organization-api.ts';
import { memberSettings, OrganizationSettings, organizationSettings } from './organization-settings.ts';

/** Tencent allows twenty of one action, to whoever uses this identity. */
const CALLS_PER_SECOND = 10;
const PAGE_SIZE = 50;

export const organization: OrganizationPlugin = {
  settings: OrganizationSettings,
  member: memberSettings,
  async connect(of, { clock, observe }) {
    const api = await openOrganizationApi(of.name, organizationSettings(of), clock);
    return directoryOf(of, api, clock, observe);
  },
};

type Management = Pick<Member, 'id' | 'name'>;

/** Decides, and speaks to no network. */
function directoryOf(of: Organization, api: OrganizationApi, clock: Clock, observe: Observe): Directory {
  const turn = pace(CALLS_PER_SECOND, clock);
  let known: Management | undefined;
  return {
    async list(signal) {
      const asker: Asker = { pace: turn, clock, signal };
      const members = withWantedTags((await membersOf(of, api, asker)).map(memberOf), of.labelsFromTags);
      known = (await managementOf(of, api, asker, observe)) ?? known;
      return withManagement(members, known);
    },
    close: () => api.close(),
  };
}

function membersOf(of: Organization, api: OrganizationApi, asker: Asker): Promise<readonly OrganizationMember[]> {
  return wholeList({
    what: `organization ${of.name}: organization:DescribeOrganizationMembers`,
    idOf: ({ MemberUin }) => String(MemberUin),
    async pageAt(index) {
      const answer = insist(await ask(() => api.members(index * PAGE_SIZE, PAGE_SIZE, asker.signal), asker));
      return { rows: answer.Items, total: answer.Total };
    },
  });
}

/** Whether the list holds the organisation's own account is not documented, so it is asked who that is. Undefined when that is denied. */
async function managementOf(
  of: Organization,
  api: OrganizationApi,
  asker: Asker,
  observe: Observe,
): Promise<Management | undefined> {
  const told = await ask(() => api.organization(asker.signal), asker);
  if ('told' in told) return { id: String(told.told.HostUin), name: told.told.NickName };
  if (told.fault.kind !== 'denied') throw told.fault;
  observe({ kind: 'degraded', source: `organization ${of.provider}/${of.name}`, what: told.fault.message });
  return undefined;
}

/** No state of a member says that it cannot be entered: each is tried, because being denied is loud, and being left out is not. */
function memberOf({ MemberUin, Name: name, Tags }: OrganizationMember): Member {
  const tags = Tags?.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
  const told = tags === undefined ? {} : { tags: Object.fromEntries(tags) };
  return { id: String(MemberUin), name, state: 'active', isManagement: false, ...told };
}
