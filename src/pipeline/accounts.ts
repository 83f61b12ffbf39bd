import type { Account } from '../domain/account.ts';
import { type Instant, isOver } from '../domain/instant.ts';
import { parseSourceName } from '../domain/names.ts';
import type { Exclusion, Member, Organization } from '../domain/organization.ts';
import { memberLists } from './member-lists.ts';
import { type ConfiguredSource, configuredSources, type Stage } from './stage.ts';

/** What is collected: the accounts of the YAML, and the members of the newest filed lists that nothing speaks against. */
export async function knownAccounts(stage: Stage): Promise<readonly Account[]> {
  if (stage.organizations.length === 0) return stage.accounts;
  const known = new Map(stage.accounts.map((account) => [keyOf(account), account]));
  const now = stage.clock.now();
  for (const { organization, list } of await memberLists(stage)) {
    for (const member of list?.members ?? []) {
      const key = keyOf({ provider: organization.provider, id: member.id });
      const own = known.get(key);
      if (own !== undefined) known.set(key, { ...own, ...managementOf(member) });
      else if (whyNot(organization, member, now) === undefined) known.set(key, accountOf(organization, member, stage));
    }
  }
  return [...known.values()];
}

/** Job data is untrusted: only what the config lists, or an organisation in it, is ever collected. */
export async function knownSource(stage: Stage, text: string): Promise<ConfiguredSource | undefined> {
  const name = parseSourceName(text);
  return name && configuredSources(await knownAccounts(stage)).find(({ source }) => source === name);
}

/** Why a member is not collected; undefined when it is. */
export function whyNot(organization: Organization, member: Member, now: Instant): string | undefined {
  const { members, managementAccount } = organization;
  const exclusion = exclusionOf(organization, member.id, now);
  if (exclusion !== undefined) return `excluded by ${exclusion.owner} until ${exclusion.until}: ${exclusion.reason}`;
  if (member.state !== 'active') return `the cloud says that the account is ${member.state}`;
  if (members !== 'all' && !members.includes(member.id)) return 'not one of the members that the config names';
  if (member.isManagement && !managementAccount)
    return 'the management account is left out (management_account: false)';
  return undefined;
}

/** The exclusion that counts now. */
export function exclusionOf({ exclude }: Organization, accountId: string, now: Instant): Exclusion | undefined {
  return exclude.find((one) => one.accountId === accountId && !isOver(one, now));
}

function accountOf(organization: Organization, member: Member, stage: Stage): Account {
  const { provider, name, labels, labelsFromTags, reports } = organization;
  const tags = Object.entries(member.tags ?? {}).filter(([key]) => labelsFromTags.includes(key));
  return {
    provider,
    id: member.id,
    name: member.name.trim() === '' ? member.id : member.name,
    labels: { ...labels, ...Object.fromEntries(tags) },
    reports,
    settings: stage.memberSettings(organization, member.id),
    organization: name,
    ...(member.name === '' ? {} : { cloudName: member.name }),
    ...managementOf(member),
  };
}

/** An account of the YAML is the management account all the same. */
function managementOf({ isManagement, rootAccess }: Member): Pick<Account, 'management'> {
  if (!isManagement) return {};
  return { management: rootAccess === undefined ? {} : { rootAccess } };
}

function keyOf({ provider, id }: Pick<Account, 'provider' | 'id'>): string {
  return `${provider}/${id}`;
}
