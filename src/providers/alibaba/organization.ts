import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/happening.ts';
import { withManagement, withWantedTags } from '../../domain/members.ts';
import type { Member, Organization } from '../../domain/organization.ts';
import { type Asker, ask, insist } from '../../kit/asking.ts';
import { pace } from '../../kit/pace.ts';
import { wholeList } from '../../kit/whole-list.ts';
import type { Directory, OrganizationPlugin } from '../provider.ts';
import type { Account } from './organization-answers.ts';
import { type OrganizationApi, openOrganizationApi } from './organization-api.ts';
import { memberSettings, OrganizationSettings, organizationSettings } from './organization-settings.ts';

/** The cloud names no limit for these calls; hundreds of members are a few pages. */
const CALLS_PER_SECOND = 5;
const PAGE_SIZE = 100;

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
      const members = withWantedTags((await accountsOf(of, api, asker)).map(memberOf), of.labelsFromTags);
      known = (await managementOf(of, api, asker, observe)) ?? known;
      return withManagement(members, known);
    },
    close: () => api.close(),
  };
}

function accountsOf(of: Organization, api: OrganizationApi, asker: Asker): Promise<readonly Account[]> {
  const hasTags = of.labelsFromTags.length > 0;
  return wholeList({
    what: `organization ${of.name}: resourcemanager:ListAccounts`,
    idOf: ({ AccountId }) => AccountId,
    async pageAt(index) {
      const answer = insist(await ask(() => api.members(index + 1, PAGE_SIZE, hasTags, asker.signal), asker));
      return { rows: answer.Accounts.Account, total: answer.TotalCount };
    },
  });
}

/** Whether the list holds the management account is not documented, so it is asked who that is. Undefined when that is denied. */
async function managementOf(
  of: Organization,
  api: OrganizationApi,
  asker: Asker,
  observe: Observe,
): Promise<Management | undefined> {
  const told = await ask(() => api.directory(asker.signal), asker);
  if ('told' in told) {
    const { MasterAccountId: id, MasterAccountName: name } = told.told.ResourceDirectory;
    return { id, name };
  }
  if (told.fault.kind !== 'denied') throw told.fault;
  observe({ kind: 'degraded', source: `organization ${of.provider}/${of.name}`, what: told.fault.message });
  return undefined;
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
