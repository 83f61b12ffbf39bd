import type { Member } from '../../domain/organization.ts';
import type { OrganizationPlugin } from '../provider.ts';
import { type CountedOrganization, countedDirectory } from '../shared/counted-directory.ts';
import type { OrganizationMember } from './organization-answers.ts';
import { type OrganizationApi, openOrganizationApi } from './organization-api.ts';
import { memberSettings, OrganizationSettings, organizationSettings } from './organization-settings.ts';

/** Tencent allows twenty of one action, to whoever uses this identity. */
const CALLS_PER_SECOND = 10;
const PAGE_SIZE = 50;

export const organization: OrganizationPlugin = {
  settings: OrganizationSettings,
  member: memberSettings,
  async connect(of, tools) {
    const api = await openOrganizationApi(of.name, organizationSettings(of), tools.clock);
    return countedDirectory(of, cloudOf(api), tools);
  },
};

function cloudOf(api: OrganizationApi): CountedOrganization {
  return {
    callsPerSecond: CALLS_PER_SECOND,
    action: 'organization:DescribeOrganizationMembers',
    async page(index, signal) {
      const { Items, Total: total } = await api.members(index * PAGE_SIZE, PAGE_SIZE, signal);
      return { rows: Items.map(memberOf), total };
    },
    async management(signal) {
      const { HostUin, NickName: name } = await api.organization(signal);
      return { id: String(HostUin), name };
    },
    close: () => api.close(),
  };
}

/** No state of a member says that it cannot be entered: each is tried, because being denied is loud, and being left out is not. */
function memberOf({ MemberUin, Name: name, Tags }: OrganizationMember): Member {
  const tags = Tags?.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
  const told = tags === undefined ? {} : { tags: Object.fromEntries(tags) };
  return { id: String(MemberUin), name, state: 'active', isManagement: false, ...told };
}
