import type { Account } from '../../domain/account.ts';
import type { Organization } from '../../domain/organization.ts';
import { type Dialect, type Need, policyDocuments, type RoleStep } from '../../kit/policy-documents.ts';
import type { PolicyDocument, PolicyNeeds, ReportKind } from '../provider.ts';
import type { Auth } from './auth.ts';
import { MAINLAND_ONLY } from './permissions.ts';
import type { Settings } from './settings.ts';

/** What the policies are made of beside the needs. */
export interface PolicyParts {
  readonly kinds: Readonly<Record<string, Pick<ReportKind, 'permissions'>>>;
  /** Settings of any member of an organisation, and what its hub asks beside taking roles. */
  readonly organizations?: {
    member(organization: Organization): Pick<Settings, 'auth' | 'site'>;
    lists(organizations: readonly Organization[]): readonly string[];
  };
}

/** The least that does what the config says. */
export function policies(
  { accounts, organizations, hub }: PolicyNeeds,
  { kinds, organizations: plugin }: PolicyParts,
): readonly PolicyDocument[] {
  const members = plugin === undefined ? [] : organizations;
  return policyDocuments(
    {
      needs: [
        ...accounts.map((account) => {
          const { auth, site } = account.settings as Settings; // our own schema made them
          return needOf(`account ${account.id} (${account.name})`, account, site, rolesOf(auth, account.id), kinds);
        }),
        ...members.map((organization) => {
          const { auth, site } = plugin?.member(organization) ?? {
            auth: { kind: 'environment' } as const,
            site: 'mainland',
          };
          const who = `every account of organization ${organization.name}`;
          return needOf(who, organization, site, rolesOf(auth, '*'), kinds);
        }),
      ],
      lists: members.length === 0 ? [] : (plugin?.lists(members) ?? []),
      place: 'in the account that manages the organization',
      hub,
    },
    DIALECT,
  );
}

const DIALECT: Dialect = {
  assume: 'name/sts:AssumeRole',
  unknownHub: 'REPLACE-WITH-THE-PRINCIPAL-OF-THE-HUB',
  policy: (statements) =>
    written(statements.map(({ actions, on }) => ({ effect: 'allow', action: actions, resource: on }))),
  trust({ externalId, taker }, principal) {
    const condition =
      externalId === undefined ? {} : { condition: { string_equal: { 'sts:external_id': externalId } } };
    const action = taker.by === 'federation' ? 'name/sts:AssumeRoleWithWebIdentity' : 'name/sts:AssumeRole';
    return written([{ effect: 'allow', principal: principalOf(taker, principal), action, ...condition }]);
  },
};

function principalOf(taker: RoleStep['taker'], principal: string): object {
  switch (taker.by) {
    case 'service':
      return { service: [taker.name] };
    case 'federation':
      return { federated: [taker.name] };
    case 'principal':
      return { qcs: [principal] };
  }
}

function needOf(
  who: string,
  { reports }: Pick<Account, 'reports'>,
  site: Settings['site'],
  roles: readonly RoleStep[],
  kinds: PolicyParts['kinds'],
): Need {
  const declared = Object.keys(reports).flatMap((name) => {
    const { required, optional } = kinds[name]?.permissions ?? { required: [], optional: [] };
    return [...required, ...optional];
  });
  const isThere = (action: string) => site === 'mainland' || !MAINLAND_ONLY.some((one) => one === action);
  return { who, actions: [...new Set(declared)].filter(isThere).toSorted(), roles };
}

function rolesOf(auth: Auth, accountId: string): readonly RoleStep[] {
  switch (auth.kind) {
    case 'assume_role':
      return [
        { ...stepOf(auth.role, accountId), externalId: auth.externalId, taker: { by: 'principal' } },
        ...rolesOf(auth.base, ''),
      ];
    case 'oidc': {
      const name = auth.providerId ?? 'REPLACE-WITH-THE-IDENTITY-PROVIDER';
      const taker = { by: 'federation', name } as const;
      return auth.role === undefined ? [] : [{ ...stepOf(auth.role, accountId), externalId: undefined, taker }];
    }
    case 'cvm_role': {
      const taker = { by: 'service', name: 'cvm.qcloud.com' } as const;
      return auth.role === undefined ? [] : [{ ...stepOf(auth.role, accountId), externalId: undefined, taker }];
    }
    case 'environment':
    case 'secret':
      return [];
  }
}

function stepOf(role: string, accountId: string): Pick<RoleStep, 'role' | 'resource'> {
  if (role.startsWith('qcs::')) return { role, resource: role };
  return { role, resource: accountId === '' ? undefined : `qcs::cam::uin/${accountId}:roleName/${role}` };
}

function written(statements: readonly object[]): object {
  return { version: '2.0', statement: statements };
}
