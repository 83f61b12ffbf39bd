import type { Member } from '../../domain/organization.ts';
import type { OrganizationPlugin } from '../provider.ts';
import { type CountedOrganization, countedDirectory } from '../shared/counted-directory.ts';
import type { Account } from './organization-answers.ts';
import { type OrganizationApi, openOrganizationApi } from './organization-api.ts';
import { memberSettings, OrganizationSettings, organizationSettings } from './organization-settings.ts';

/** The cloud names no limit for these calls; hundreds of members are a few pages. */
const CALLS_PER_SECOND = 5;
const PAGE_SIZE = 100;

export const organization: OrganizationPlugin = {
  settings: OrganizationSettings,
  member: memberSettings,
  async connect(of, tools) {
    const api = await openOrganizationApi(of.name, organizationSettings(of), tools.clock);
    const hasTags = of.labelsFromTags.length > 0;
    return countedDirectory(of, cloudOf(api, hasTags), tools);
  },
};

function cloudOf(api: OrganizationApi, hasTags: boolean): CountedOrganization {
  return {
    callsPerSecond: CALLS_PER_SECOND,
    action: 'resourcemanager:ListAccounts',
    async page(index, signal) {
      const { Accounts, TotalCount: total } = await api.members(index + 1, PAGE_SIZE, hasTags, signal);
      return { rows: Accounts.Account.map(memberOf), total };
    },
    async management(signal) {
      const { MasterAccountId: id, MasterAccountName: name } = (await api.directory(signal)).ResourceDirectory;
      return { id, name };
    },
    close: () => api.close(),
  };
}

function memberOf({ AccountId: id, DisplayName: name, Status, DeletionStatus, Tags }: Account): Member {
  const tags = Tags?.Tag.map(({ Key, Value }) => [Key, Value]);
  const told = tags === undefined ? {} : { tags: Object.fromEntries(tags) };
  return { id, name, state: stateOf(Status, DeletionStatus), isManagement: false, ...told };
}

/** An upgrade (`Promote…`), whatever became of it, is of an account that is there. A state that we do not know is tried. */
function stateOf(status: string | undefined, deletion: string | undefined): Member['state'] {
  if (deletion === 'Deleting') return 'closing';
  return /^Create(?!Success)|^Invite(?!Success)/.test(status ?? '') ? 'pending' : 'active';
}
