import type { Account } from '../../domain/account.ts';
import type { Organization } from '../../domain/organization.ts';
import { type Dialect, type Need, policyDocuments, type RoleStep } from '../../kit/policy-documents.ts';
import type { PolicyDocument, PolicyNeeds, ReportKind } from '../provider.ts';
import { isSwitchedOff } from './audit/switched-off.ts';
import type { Auth } from './auth.ts';
import { KIND } from './credential-report/desk.ts';
import { memberSettings, organizationSettings } from './organization-settings.ts';
import { roleArn } from './partition.ts';
import { KEY_IDS, ROOT_MFA, USER_TAGS } from './permissions.ts';
import type { Settings } from './settings.ts';

type Kinds = Readonly<Record<string, Pick<ReportKind, 'permissions'>>>;

/** The least that does what the config says. */
export function policies({ accounts, organizations, hub }: PolicyNeeds, kinds: Kinds): readonly PolicyDocument[] {
  const hasTags = organizations.some(({ labelsFromTags }) => labelsFromTags.length > 0);
  const asksRootAccess = organizations.some((organization) => organizationSettings(organization).rootAccess);
  const lists = [
    'organizations:ListAccounts',
    ...(hasTags ? ['organizations:ListTagsForResource'] : []),
    ...(asksRootAccess ? ['iam:ListOrganizationsFeatures'] : []),
  ];
  return policyDocuments(
    {
      needs: [
        ...accounts.map((account) => needOfAccount(account, kinds)),
        ...organizations.map((organization) => needOfOrganization(organization, kinds)),
      ],
      lists: organizations.length === 0 ? [] : lists,
      place: 'in the management account or a delegated administrator',
      hub,
    },
    DIALECT,
  );
}

const DIALECT: Dialect = {
  assume: 'sts:AssumeRole',
  tag: 'sts:TagSession',
  unknownHub: 'REPLACE-WITH-THE-ARN-OF-THE-HUB',
  policy: (statements) =>
    written(
      statements.map(({ sid, actions, on }) => {
        const isTaking = actions.length === 1 && actions[0] === 'sts:AssumeRole';
        return {
          Sid: sid,
          Effect: 'Allow',
          Action: isTaking ? 'sts:AssumeRole' : actions,
          Resource: on.length === 1 && on[0] === '*' ? '*' : on,
        };
      }),
    ),
  trust({ externalId, taker, isTagged }, principal) {
    if (taker.by !== 'principal') return written([federated(taker.name)]);
    const condition = externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
    const assume = { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...condition };
    // A statement of its own: nobody wrote down whether the external id comes along when tags are judged.
    const tag = { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:TagSession' };
    return written(isTagged === true ? [assume, tag] : [assume]);
  },
};

function needOfAccount(account: Account, kinds: Kinds): Need {
  const settings = account.settings as Settings; // our own schema made them
  return {
    who: `account ${account.id} (${account.name})`,
    actions: actionsOf(account, settings, kinds),
    roles: rolesOf(settings.auth, account.id, settings.region),
  };
}

function needOfOrganization(organization: Organization, kinds: Kinds): Need {
  const settings = memberSettings(organization);
  return {
    who: `every account of organization ${organization.name}`,
    actions: actionsOf(organization, settings, kinds),
    roles: rolesOf(settings.auth, '*', settings.region),
  };
}

/** What its report kinds declare, without what its settings switch off. */
function actionsOf(
  { reports }: Pick<Account, 'reports'>,
  { keyIds, userTags, rootMfa }: Settings,
  kinds: Kinds,
): readonly string[] {
  const off: readonly string[] = [
    ...(keyIds ? [] : KEY_IDS),
    ...(userTags ? [] : [USER_TAGS]),
    ...(rootMfa ? [] : [ROOT_MFA]),
  ];
  const isOff = (kind: string, action: string) =>
    isSwitchedOff(kind, action, reports[kind]) || (kind === KIND && off.includes(action));
  const declared = Object.keys(reports).flatMap((kind) => {
    const { required, optional } = kinds[kind]?.permissions ?? { required: [], optional: [] };
    return [...required, ...optional].filter((action) => !isOff(kind, action));
  });
  return [...new Set(declared)].toSorted();
}

function rolesOf(auth: Auth, accountId: string, region: string): readonly RoleStep[] {
  if (auth.kind === 'web_identity') return [webIdentity(auth.role, accountId, region)];
  if (auth.kind !== 'assume_role') return [];
  const { role, externalId, base } = auth;
  const resource = roleArn(role, accountId, region);
  const isTagged = Object.keys(auth.tags).length > 0;
  return [{ role, resource, externalId, isTagged, taker: { by: 'principal' } }, ...rolesOf(base, accountId, region)];
}

/** The cluster says which role where the config does not, and only the cluster knows its issuer. */
function webIdentity(role: string | undefined, accountId: string, region: string): RoleStep {
  return {
    role: role ?? 'the role of AWS_ROLE_ARN',
    resource: role === undefined ? undefined : roleArn(role, accountId, region),
    externalId: undefined,
    taker: { by: 'federation', name: 'REPLACE-WITH-THE-ARN-OF-THE-OIDC-PROVIDER' },
  };
}

/** Without the subject any pod of the cluster could take the role. */
function federated(provider: string): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        'REPLACE-WITH-THE-ISSUER:aud': 'sts.amazonaws.com',
        'REPLACE-WITH-THE-ISSUER:sub': 'system:serviceaccount:REPLACE-WITH-NAMESPACE:REPLACE-WITH-SERVICE-ACCOUNT',
      },
    },
  };
}

function written(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
