import type { PolicyDocument, PolicyNeeds, RolloutFile } from '../provider.ts';
import type { Auth } from './auth.ts';
import { memberSettings } from './organization-settings.ts';
import type { Settings } from './settings.ts';

type Write = (needs: PolicyNeeds) => readonly PolicyDocument[];

/** One role, and where it belongs. */
interface Target {
  readonly who: string;
  readonly auth: Auth;
  readonly needs: PolicyNeeds;
  readonly isOrganization: boolean;
}

/** ROS: a template of the role, the same for a stack and for a stack group of the whole resource directory. */
export function ros(needs: PolicyNeeds, write: Write): readonly RolloutFile[] {
  const found = new Map<string, { readonly template: object; readonly targets: Target[] }>();
  for (const target of targetsOf(needs)) {
    const template = templateOf(target, write(target.needs));
    if (template === undefined) continue;
    const same = found.get(JSON.stringify(template)) ?? { template, targets: [] };
    same.targets.push(target);
    found.set(JSON.stringify(template), same);
  }
  const files = [...found.values()].map(({ template, targets }, index) => ({
    name: found.size === 1 ? 'account-role.json' : `account-role-${index + 1}.json`,
    about: `ROS template of the role in: ${targets.map(({ who }) => who).join(', ')}`,
    content: template,
    isOfOrganization: targets.some(({ isOrganization }) => isOrganization),
  }));
  if (files.length === 0) return [];
  return [...files.map(({ name, about, content }) => ({ name, about, content })), commands(files)];
}

function targetsOf({ accounts, organizations, hub }: PolicyNeeds): Target[] {
  const told = hub === undefined ? {} : { hub };
  return [
    ...accounts.map((account) => ({
      who: `account ${account.id} (${account.name})`,
      auth: (account.settings as Settings).auth, // our own schema made them
      needs: { accounts: [account], organizations: [], ...told },
      isOrganization: false,
    })),
    ...organizations.map((organization) => ({
      who: `every account of organization ${organization.name}`,
      auth: memberSettings(organization).auth,
      needs: { accounts: [], organizations: [organization], ...told },
      isOrganization: true,
    })),
  ];
}

function templateOf({ auth }: Target, documents: readonly PolicyDocument[]): object | undefined {
  const role = 'role' in auth ? auth.role : undefined;
  const policy = documents.find(({ name }) => name === 'account-policy')?.document;
  const trust = documents.find(({ name }) => name === 'account-trust')?.document;
  if (role === undefined || policy === undefined || trust === undefined) return undefined;
  const RoleName = role.replace(/^acs:ram::\d+:role\//i, '');
  const Properties = {
    RoleName,
    Description: 'Muster reads the credential report; it can change nothing',
    MaxSessionDuration: 'durationMs' in auth ? Math.max(3_600, Math.floor(auth.durationMs / 1_000)) : 3_600,
    AssumeRolePolicyDocument: trust,
    Policies: [{ PolicyName: `${RoleName}-reads`, PolicyDocument: policy }],
  };
  return {
    ROSTemplateFormatVersion: '2015-09-01',
    Description: 'Muster reads the credential report of this account',
    Resources: { MusterRole: { Type: 'ALIYUN::RAM::Role', Properties } },
  };
}

function commands(files: readonly { readonly name: string; readonly isOfOrganization: boolean }[]): RolloutFile {
  const lines = [
    '#!/bin/sh',
    '# Run each part with credentials of the account that it names. Look at the templates first.',
    '# UNSURE: not tried against the real cloud. REGION is where the stack is kept; RAM itself has no regions.',
    'set -eu',
    ...files.flatMap(({ name, isOfOrganization }) => [
      '',
      ...(isOfOrganization ? groupCommands(name) : []),
      `# In each account${isOfOrganization ? ' that the stack group leaves out, such as the management account' : ' that the template is for'}.`,
      `aliyun ros CreateStack --RegionId "$REGION" --StackName muster --TemplateBody "$(cat ${name})"`,
    ]),
  ];
  return { name: 'rollout.sh', about: 'the commands that roll the templates out', content: `${lines.join('\n')}\n` };
}

function groupCommands(name: string): readonly string[] {
  return [
    '# In the management account of the resource directory, or a delegated administrator of ROS: every member, new ones too.',
    '# FOLDER is the id of the root folder, or of the folders that Muster may see.',
    `aliyun ros CreateStackGroup --RegionId "$REGION" --StackGroupName muster --TemplateBody "$(cat ${name})" \\`,
    '  --PermissionModel SERVICE_MANAGED --AutoDeployment \'{"Enabled":true,"RetainStacksOnAccountRemoval":false}\'',
    'aliyun ros CreateStackInstances --RegionId "$REGION" --StackGroupName muster --RegionIds "[\\"$REGION\\"]" \\',
    '  --DeploymentTargets "{\\"RdFolderIds\\":[\\"$FOLDER\\"]}"',
    '',
  ];
}
