import type { PolicyDocument, PolicyNeeds, RolloutFile } from '../provider.ts';
import type { Auth } from './auth.ts';
import { memberSettings } from './organization-settings.ts';
import type { Settings } from './settings.ts';

type Write = (needs: PolicyNeeds) => readonly PolicyDocument[];

interface Target {
  readonly who: string;
  readonly accounts: readonly string[];
  readonly auth: Auth;
  readonly needs: PolicyNeeds;
}

/** Tencent Cloud has no stacks for many accounts: a script, to be run in each. */
export function tccli(needs: PolicyNeeds, write: Write): readonly RolloutFile[] {
  const parts = targetsOf(needs).flatMap((target) => commandsOf(target, write(target.needs)));
  if (parts.length === 0) return [];
  const content = `${[...HEAD, ...parts].join('\n')}\n`;
  const about =
    'makes the role in each account with tccli; run the part of an account with credentials of that account';
  return [{ name: 'rollout.sh', about, content }];
}

const HEAD: readonly string[] = [
  '#!/bin/sh',
  '# usage: rollout.sh ACCOUNT     with credentials of that account: TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_TOKEN)',
  '# Members of an organization: sign in to each from the console of the organization, or take the role that it made there',
  '# (OrganizationAccessControlRole): TENCENTCLOUD_ROLE_ARN and TENCENTCLOUD_ROLE_SESSION_NAME say so to tccli.',
  '# UNSURE: not tried against the real cloud; accounts that were invited into an organization may not have that role.',
  '# By hand, the same: console, CAM, Policies, "create by policy syntax"; then Roles, with the trust policy below.',
  'set -eu',
];

function targetsOf({ accounts, organizations, hub }: PolicyNeeds): Target[] {
  const told = hub === undefined ? {} : { hub };
  return [
    ...accounts.map((account) => ({
      who: `account ${account.id} (${account.name})`,
      accounts: [account.id],
      auth: (account.settings as Settings).auth, // our own schema made them
      needs: { accounts: [account], organizations: [], ...told },
    })),
    ...organizations.map((organization) => ({
      who: `every account of organization ${organization.name} that is not listed above`,
      accounts: ['*'],
      auth: memberSettings(organization).auth,
      needs: { accounts: [], organizations: [organization], ...told },
    })),
  ];
}

function commandsOf({ who, accounts, auth }: Target, documents: readonly PolicyDocument[]): readonly string[] {
  const role = 'role' in auth ? auth.role : undefined;
  const policy = documents.find(({ name }) => name === 'account-policy')?.document;
  const trust = documents.find(({ name }) => name === 'account-trust')?.document;
  if (role === undefined || policy === undefined || trust === undefined) return [];
  const name = role.replace(/^qcs::cam::uin\/\d+:roleName\//, '');
  return [
    '',
    `# ${oneLine(who)}`,
    `case "\${1:?which account}" in ${accounts.join('|')})`,
    `  tccli cam CreatePolicy --PolicyName ${name}-reads --PolicyDocument ${quoted(policy)}`,
    `  tccli cam CreateRole --RoleName ${name} --PolicyDocument ${quoted(trust)}`,
    `  tccli cam AttachRolePolicy --AttachRoleName ${name} --PolicyName ${name}-reads`,
    '  exit ;;',
    'esac',
  ];
}

function quoted(document: unknown): string {
  return `'${JSON.stringify(document).replaceAll("'", `'\\''`)}'`;
}

/** A name from the config must not end its comment. */
function oneLine(text: string): string {
  return text.replaceAll(/\s/g, ' ');
}
