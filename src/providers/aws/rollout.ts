import type { Organization } from '../../domain/organization.ts';
import type { PolicyDocument, PolicyNeeds, RolloutFile } from '../provider.ts';
import type { Auth } from './auth.ts';
import { organizationSettings } from './organization-settings.ts';
import { partitionOf } from './partition.ts';
import type { Settings } from './settings.ts';

const HOUR_S = 3_600;

type Write = (needs: PolicyNeeds) => readonly PolicyDocument[];

/** One role as a template: everybody who has it has the same. */
interface RoleTemplate {
  readonly role: string;
  readonly maxSessionS: number;
  readonly policy: unknown;
  readonly trust: unknown;
}

/** CloudFormation: a StackSet for the members, a stack for the management account (which StackSets skip), one for each listed account's role. */
export function stackSet(needs: PolicyNeeds, write: Write): readonly RolloutFile[] {
  const files = [
    ...needs.organizations.flatMap((organization) => filesOfOrganization(organization, needs, write)),
    ...filesOfAccounts(needs, write),
  ];
  return files.length === 0 ? [] : [...files, commands(needs)];
}

function filesOfOrganization(organization: Organization, { hub }: PolicyNeeds, write: Write): readonly RolloutFile[] {
  const { role, session, region } = organizationSettings(organization);
  const documents = write({ accounts: [], organizations: [organization], ...(hub === undefined ? {} : { hub }) });
  const template = templateOf(role, session.durationMs, documents);
  if (template === undefined) return [];
  const { name } = organization;
  const members = resourcesOf(template);
  const ofHub = documentNamed(documents, 'hub-policy');
  const management = {
    ...(organization.managementAccount ? members : {}),
    ...(ofHub === undefined ? {} : { MusterHub: hubPolicy(ofHub, hub, region) }),
  };
  return [
    {
      name: `${name}-members.json`,
      about: `template of a service-managed StackSet: the role ${role} in every member of organization ${name}`,
      content: templateWith(`Muster reads the credential report of each account of organization ${name}`, members),
    },
    {
      name: `${name}-management-account.json`,
      about: `template of a stack in the management account, which StackSets skip: ${organization.managementAccount ? 'the same role, and ' : ''}the policy of the hub (where the hub is elsewhere, leave MusterHub out and give it hub-policy there)`,
      content: templateWith(
        'Muster in the management account: the role that reads it, and what the hub may do',
        management,
      ),
    },
  ];
}

/** Roles of the listed accounts, one template for all that are alike. */
function filesOfAccounts({ accounts, hub }: PolicyNeeds, write: Write): readonly RolloutFile[] {
  const found = new Map<string, { readonly template: RoleTemplate; readonly ids: string[] }>();
  for (const account of accounts) {
    const { auth } = account.settings as Settings; // our own schema made them
    if (auth.kind !== 'assume_role') continue;
    const documents = write({ accounts: [account], organizations: [], ...(hub === undefined ? {} : { hub }) });
    const template = templateOf(nameOf(auth), auth.durationMs, documents);
    if (template === undefined) continue;
    const key = JSON.stringify(template);
    const same = found.get(key) ?? { template, ids: [] };
    same.ids.push(account.id);
    found.set(key, same);
  }
  return [...found.values()].map(({ template, ids }, index) => ({
    name: found.size === 1 ? 'account-role.json' : `account-role-${index + 1}.json`,
    about: `template of a stack in each of: ${ids.join(', ')}`,
    content: templateWith('Muster reads the credential report of this account', resourcesOf(template)),
  }));
}

function nameOf({ role }: Extract<Auth, { kind: 'assume_role' }>): string {
  return role.replace(/^arn:[^:]+:iam::\d{12}:role\//, '');
}

function templateOf(role: string, durationMs: number, documents: readonly PolicyDocument[]): RoleTemplate | undefined {
  const policy = documentNamed(documents, 'account-policy');
  const trust = documentNamed(documents, 'account-trust');
  if (policy === undefined || trust === undefined) return undefined;
  return { role, maxSessionS: Math.max(HOUR_S, Math.floor(durationMs / 1_000)), policy, trust };
}

function documentNamed(documents: readonly PolicyDocument[], wanted: string): unknown {
  return documents.find(({ name }) => name === wanted)?.document;
}

/** A role's name may begin with a path. */
function resourcesOf({ role, maxSessionS, policy, trust }: RoleTemplate): object {
  const [, path = '', name = role] = /^(?:(.*)\/)?([^/]+)$/.exec(role) ?? [];
  return {
    MusterRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: name,
        ...(path === '' ? {} : { Path: `/${path}/` }),
        Description: 'Muster reads the credential report; it can change nothing',
        MaxSessionDuration: maxSessionS,
        AssumeRolePolicyDocument: trust,
        Policies: [{ PolicyName: 'muster-reads', PolicyDocument: policy }],
      },
    },
  };
}

function hubPolicy(document: unknown, hub: string | undefined, region: string): object {
  const found = new RegExp(`^arn:${partitionOf(region)}:iam::\\d{12}:(user|role)/(?:.*/)?([^/]+)$`).exec(hub ?? '');
  const [, kind, name] = found ?? [];
  const attached = name === undefined ? {} : kind === 'user' ? { Users: [name] } : { Roles: [name] };
  const Properties = { ManagedPolicyName: 'muster-hub', PolicyDocument: document, ...attached };
  return { Type: 'AWS::IAM::ManagedPolicy', Properties };
}

function templateWith(description: string, Resources: object): object {
  return { AWSTemplateFormatVersion: '2010-09-09', Description: description, Resources };
}

function commands({ organizations }: PolicyNeeds): RolloutFile {
  const lines = [
    '#!/bin/sh',
    '# Run each part with credentials of the account that it names. Look at the templates first.',
    'set -eu',
    ...organizations.flatMap(({ name }) => commandsOf(name)),
    '',
    '# In each listed account that has a role of its own (account-role*.json):',
    '# aws cloudformation create-stack --stack-name muster --template-body file://account-role.json --capabilities CAPABILITY_NAMED_IAM',
  ];
  return {
    name: 'rollout.sh',
    about: 'the commands that roll the templates out',
    content: `${lines.join('\n')}\n`,
  };
}

function commandsOf(name: string): readonly string[] {
  const set = `muster-${name}`;
  return [
    '',
    `# In the management account of organization ${name}, or a delegated administrator of StackSets.`,
    '# ROOT is the id of the root of the organization (aws organizations list-roots), or of the units that Muster may see.',
    `aws cloudformation create-stack-set --stack-set-name ${set} --template-body file://${name}-members.json \\`,
    '  --permission-model SERVICE_MANAGED --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false --capabilities CAPABILITY_NAMED_IAM',
    `aws cloudformation create-stack-instances --stack-set-name ${set} --deployment-targets OrganizationalUnitIds="$ROOT" --regions us-east-1`,
    '',
    '# In the management account, which a StackSet skips.',
    `aws cloudformation create-stack --stack-name ${set}-management --template-body file://${name}-management-account.json --capabilities CAPABILITY_NAMED_IAM`,
  ];
}
