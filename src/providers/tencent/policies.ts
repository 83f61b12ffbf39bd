import type { Account } from '../../domain/account.ts';
import { type Dialect, type Need, policyDocuments, type RoleStep } from '../../kit/policy-documents.ts';
import type { PolicyDocument, PolicyNeeds, ReportKind } from '../provider.ts';
import { isSwitchedOff } from './audit/switched-off.ts';
import type { Auth } from './auth.ts';
import { HUB_PERMISSIONS } from './organization-permissions.ts';
import { memberSettings } from './organization-settings.ts';
import type { Settings } from './settings.ts';

type Kinds = Readonly<Record<string, Pick<ReportKind, 'permissions'>>>;

/** The least that does what the config says. */
export function policies({ accounts, organizations, hub }: PolicyNeeds, kinds: Kinds): readonly PolicyDocument[] {
  return policyDocuments(
    {
      needs: [
        ...accounts.map((account) => {
          const { auth, site } = account.settings as Settings; // our own schema made them
          return needOf(`account ${account.id} (${account.name})`, account, site, rolesOf(auth, account.id), kinds);
        }),
        ...organizations.map((organization) => {
          const { auth, site } = memberSettings(organization);
          const who = `every account of organization ${organization.name}`;
          return needOf(who, organization, site, rolesOf(auth, '*'), kinds);
        }),
      ],
      lists: organizations.length === 0 ? [] : HUB_PERMISSIONS,
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
  kinds: Kinds,
): Need {
  const declared = Object.keys(reports).flatMap((name) => {
    const { required, optional } = kinds[name]?.permissions ?? { required: [], optional: [] };
    return [...required, ...optional].filter((action) => !isSwitchedOff(name, action, site, reports[name]));
  });
  return { who, actions: [...new Set(declared)].toSorted(), roles };
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
      // The cluster names it: the config cannot tell.
      const unnamed = { role: 'the role of TKE_ROLE_ARN', resource: undefined };
      const step = auth.role === undefined ? unnamed : stepOf(auth.role, accountId);
      return [{ ...step, externalId: undefined, taker }];
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
