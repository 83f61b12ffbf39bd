import type { Account } from '../../domain/account.ts';
import type { Organization } from '../../domain/organization.ts';
import type { PolicyDocument, PolicyNeeds, ReportKind } from '../provider.ts';
import { memberSettings } from './organization-settings.ts';
import { roleArn } from './partition.ts';
import { KEY_IDS } from './permissions.ts';
import type { Auth, Settings } from './settings.ts';

/** Somebody has to say who the hub is: nothing in the config tells it for certain. */
const UNKNOWN_HUB = 'REPLACE-WITH-THE-ARN-OF-THE-HUB';

type Kinds = Readonly<Record<string, Pick<ReportKind, 'permissions'>>>;
type AssumedRole = Extract<Auth, { kind: 'assume_role' }>;

/** One account, or all members of an organisation, with what they need. */
interface Need {
  readonly who: string;
  readonly accountId: string;
  readonly kinds: readonly string[];
  readonly settings: Settings;
}

/** The least that does what the config says: for the accounts, for who may assume their role, and for the hub. */
export function policies({ accounts, organizations, hub }: PolicyNeeds, kinds: Kinds): readonly PolicyDocument[] {
  const needs = [...accounts.map(needOfAccount), ...organizations.map(needOfOrganization)];
  return [...accountPolicies(needs, kinds), ...trustPolicies(needs, hub), ...hubPolicies(needs, organizations)];
}

function needOfAccount(account: Account): Need {
  const settings = account.settings as Settings; // our own schema made them
  return { who: `account ${account.id} (${account.name})`, accountId: account.id, kinds: kindsOf(account), settings };
}

function needOfOrganization(organization: Organization): Need {
  const settings = memberSettings(organization);
  const who = `every account of organization ${organization.name}`;
  return { who, accountId: '*', kinds: kindsOf(organization), settings };
}

function kindsOf({ reports }: Pick<Account, 'reports'>): readonly string[] {
  return Object.keys(reports).toSorted();
}

/** One document for all whose needs are the same. */
function accountPolicies(needs: readonly Need[], kinds: Kinds): readonly PolicyDocument[] {
  const groups = grouped(needs, (need) => actionsOf(need, kinds).join(' '));
  return groups.map(({ key, needs: alike }, index) => ({
    name: numbered('account-policy', index, groups.length),
    about: `for the role (or user) that Muster uses in: ${alike.map(({ who }) => who).join(', ')}`,
    document: policy([{ Sid: 'MusterReads', Effect: 'Allow', Action: key.split(' '), Resource: '*' }]),
  }));
}

/** What its report kinds declare, without what its settings switch off. */
function actionsOf({ kinds: wanted, settings }: Need, kinds: Kinds): readonly string[] {
  const declared = wanted.flatMap((name) => {
    const { required, optional } = kinds[name]?.permissions ?? { required: [], optional: [] };
    return [...required, ...optional];
  });
  const isOff = (action: string) => !settings.keyIds && KEY_IDS.some((one) => one === action);
  return [...new Set(declared)].filter((action) => !isOff(action)).toSorted();
}

function trustPolicies(needs: readonly Need[], hub: string | undefined): readonly PolicyDocument[] {
  const roles = needs.filter((need) => roleOf(need) !== undefined);
  const groups = grouped(roles, (need) => JSON.stringify([hubOf(roleOf(need), hub), roleOf(need)?.externalId ?? null]));
  return groups.map(({ key, needs: alike }, index) => {
    const [principal, externalId] = JSON.parse(key) as [string, string | null]; // written above
    const condition = externalId === null ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
    const names = [...new Set(alike.map((need) => roleOf(need)?.role ?? ''))].join(', ');
    return {
      name: numbered('account-trust', index, groups.length),
      about: `who may assume ${names} in: ${alike.map(({ who }) => who).join(', ')}`,
      document: policy([{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...condition }]),
    };
  });
}

function hubPolicies(needs: readonly Need[], organizations: readonly Organization[]): readonly PolicyDocument[] {
  const arns = needs.flatMap((need) => {
    const role = roleOf(need);
    return role === undefined ? [] : [roleArn(role.role, need.accountId, need.settings.region)];
  });
  const hasTags = organizations.some(({ labelsFromTags }) => labelsFromTags.length > 0);
  const lists = ['organizations:ListAccounts', ...(hasTags ? ['organizations:ListTagsForResource'] : [])];
  const statements = [
    ...(arns.length === 0
      ? []
      : [{ Sid: 'MusterAssumes', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [...new Set(arns)].toSorted() }]),
    ...(organizations.length === 0 ? [] : [{ Sid: 'MusterLists', Effect: 'Allow', Action: lists, Resource: '*' }]),
  ];
  if (statements.length === 0) return [];
  const place = organizations.length === 0 ? '' : ', in the management account or a delegated administrator';
  return [
    { name: 'hub-policy', about: `for the hub: whose credentials auth names${place}`, document: policy(statements) },
  ];
}

function roleOf({ settings: { auth } }: Need): AssumedRole | undefined {
  return auth.kind === 'assume_role' ? auth : undefined;
}

/** A hub that is itself a role is named in the config. */
function hubOf(role: AssumedRole | undefined, given: string | undefined): string {
  return role?.base.kind === 'assume_role' ? role.base.role : (given ?? UNKNOWN_HUB);
}

function grouped(needs: readonly Need[], keyOf: (need: Need) => string) {
  const groups = new Map<string, Need[]>();
  for (const need of needs) groups.set(keyOf(need), [...(groups.get(keyOf(need)) ?? []), need]);
  return [...groups].map(([key, alike]) => ({ key, needs: alike }));
}

function numbered(name: string, index: number, count: number): string {
  return count === 1 ? name : `${name}-${index + 1}`;
}

function policy(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
