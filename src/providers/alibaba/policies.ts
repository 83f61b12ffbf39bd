import type { Account } from '../../domain/account.ts';
import { type Dialect, type Need, policyDocuments, type RoleStep } from '../../kit/policy-documents.ts';
import type { PolicyDocument, PolicyNeeds, ReportKind } from '../provider.ts';
import { nativeNeeds, neededBy } from './audit/needed.ts';
import type { Auth } from './auth.ts';
import { HUB_PERMISSIONS } from './organization-permissions.ts';
import { memberSettings } from './organization-settings.ts';
import { SPELLED_TWICE } from './permissions.ts';
import type { Settings } from './settings.ts';

type Kinds = Readonly<Record<string, Pick<ReportKind, 'permissions'>>>;

/** The least that does what the config says. */
export function policies({ accounts, organizations, hub }: PolicyNeeds, kinds: Kinds): readonly PolicyDocument[] {
  return policyDocuments(
    {
      needs: [
        ...accounts.map((account) => {
          const { auth } = account.settings as Settings; // our own schema made them
          return needOf(`account ${account.id} (${account.name})`, account, rolesOf(auth, account.id), kinds);
        }),
        ...organizations.map((organization) => {
          const { auth } = memberSettings(organization);
          const who = `every account of organization ${organization.name}`;
          return needOf(who, organization, rolesOf(auth, '*'), kinds);
        }),
      ],
      lists: organizations.length === 0 ? [] : HUB_PERMISSIONS,
      place: 'in the management account of the resource directory or a delegated administrator',
      hub,
    },
    DIALECT,
  );
}

const DIALECT: Dialect = {
  assume: 'sts:AssumeRole',
  unknownHub: 'REPLACE-WITH-THE-ARN-OF-THE-HUB',
  policy: (statements) =>
    written(statements.map(({ actions, on }) => ({ Effect: 'Allow', Action: actions, Resource: on }))),
  trust({ externalId, taker }, principal) {
    const condition = externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
    return written([
      { Effect: 'Allow', Principal: principalOf(taker, principal), Action: 'sts:AssumeRole', ...condition },
    ]);
  },
};

function principalOf(taker: RoleStep['taker'], principal: string): object {
  switch (taker.by) {
    case 'service':
      return { Service: [taker.name] };
    case 'federation':
      return { Federated: [taker.name] };
    case 'principal':
      return { RAM: [principal] };
  }
}

function needOf(who: string, { reports }: Pick<Account, 'reports'>, roles: readonly RoleStep[], kinds: Kinds): Need {
  const declared = Object.keys(reports).flatMap((name) => {
    const { required, optional } = kinds[name]?.permissions ?? { required: [], optional: [] };
    const report = reports[name];
    return [...neededBy(name, [...required, ...optional], report), ...nativeNeeds(name, report)];
  });
  const spelled = declared.flatMap((action) => [
    action,
    ...(action in SPELLED_TWICE ? [SPELLED_TWICE[action] ?? ''] : []),
  ]);
  return { who, actions: [...new Set(spelled)].toSorted(), roles };
}

function rolesOf(auth: Auth, accountId: string): readonly RoleStep[] {
  switch (auth.kind) {
    case 'assume_role':
      return [
        { ...stepOf(auth.role, accountId), externalId: auth.externalId, taker: { by: 'principal' } },
        ...rolesOf(auth.base, ''),
      ];
    case 'oidc': {
      const { role, providerArn } = auth;
      const taker = { by: 'federation', name: providerArn ?? 'REPLACE-WITH-THE-ARN-OF-THE-OIDC-PROVIDER' } as const;
      // The cluster names it: the config cannot tell.
      const step = role === undefined ? unnamed('ALIBABA_CLOUD_ROLE_ARN') : stepOf(role, accountId);
      return [{ ...step, externalId: undefined, taker }];
    }
    case 'ecs_ram_role': {
      const taker = { by: 'service', name: 'ecs.aliyuncs.com' } as const;
      return auth.role === undefined ? [] : [{ ...stepOf(auth.role, accountId), externalId: undefined, taker }];
    }
    case 'access_key':
    case 'credentials_uri':
    case 'chain':
      return [];
  }
}

function unnamed(variable: string): Pick<RoleStep, 'role' | 'resource'> {
  return { role: `the role of ${variable}`, resource: undefined };
}

/** As RAM's own examples write the resource of a role: with a star where other resources have a region. */
function stepOf(role: string, accountId: string): Pick<RoleStep, 'role' | 'resource'> {
  const known = /^acs:ram::(\d+):role\/(.+)$/i.exec(role);
  if (known !== null) return { role, resource: role };
  return { role, resource: accountId === '' ? undefined : `acs:ram:*:${accountId}:role/${role}` };
}

function written(statements: readonly object[]): object {
  return { Version: '1', Statement: statements };
}
