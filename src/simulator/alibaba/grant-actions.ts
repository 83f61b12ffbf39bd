import { formatSecond } from '../../kit/whole-second.ts';
import type { Action, Answer, Call } from './actions.ts';
import { AlibabaError, notExist } from './alibaba-error.ts';
import { createJob, readJob } from './native-audit.ts';

/** Resource Access Management: roles, groups, policies, and who has them. */
export const GRANT_ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['ListRoles', listRoles],
  ['ListGroupsForUser', listGroupsForUser],
  ['ListPoliciesForUser', (call) => listPolicies(call, 'user', 'UserName')],
  ['ListPoliciesForGroup', (call) => listPolicies(call, 'group', 'GroupName')],
  ['ListPoliciesForRole', (call) => listPolicies(call, 'role', 'RoleName')],
  ['GetPolicy', getPolicy],
  ['GetPolicyVersion', getPolicyVersion],
  ['GenerateServiceLastAccessedDetails', createJob],
  ['GetServiceLastAccessedDetails', readJob],
]);

function listRoles({ account, query }: Call): Answer {
  const most = Number(query.get('MaxItems') ?? 100);
  const names = [...account.roles.keys()].toSorted();
  const after = query.get('Marker') ?? '';
  const rest = names.filter((name) => name > after);
  const page = rest.slice(0, most);
  const Role = page.flatMap((name) => {
    const role = account.roles.get(name);
    if (role === undefined) return [];
    const Arn = `acs:ram::${account.id}:role/${name.toLowerCase()}`;
    return [{ RoleName: name, RoleId: role.id, Arn, CreateDate: formatSecond(role.createdAt), Description: '' }];
  });
  const isTruncated = rest.length > page.length;
  return { Roles: { Role }, IsTruncated: isTruncated, ...(isTruncated ? { Marker: page.at(-1) } : {}) };
}

function listGroupsForUser({ account, query }: Call): Answer {
  const name = query.get('UserName') ?? '';
  if (!account.users.has(name)) throw notExist('User');
  const groups = [...account.audit.groups].filter(([, members]) => members.has(name));
  return { Groups: { Group: groups.map(([GroupName]) => ({ GroupName, Comments: '' })) } };
}

function listPolicies({ account, query }: Call, kind: 'user' | 'group' | 'role', parameter: string): Answer {
  const name = query.get(parameter) ?? '';
  const there = { user: account.users, group: account.audit.groups, role: account.roles }[kind];
  if (!there.has(name)) throw notExist({ user: 'User', group: 'Group', role: 'Role' }[kind]);
  const held = [...(account.audit.attached.get(`${kind}/${name}`) ?? [])];
  const Policy = held.flatMap((key) => {
    const policy = account.audit.policies.get(key);
    if (policy === undefined) return [];
    const version = account.audit.hidesVersions ? {} : { DefaultVersion: policy.defaultVersion };
    return [{ PolicyName: policy.name, PolicyType: policy.type, Description: '', ...version }];
  });
  return { Policies: { Policy } };
}

function policyAsked({ account, query }: Call) {
  const policy = account.audit.policies.get(`${query.get('PolicyType')}/${query.get('PolicyName')}`);
  if (policy === undefined) throw notExist('Policy');
  return policy;
}

function getPolicy(call: Call): Answer {
  const { name, type, defaultVersion, versions } = policyAsked(call);
  const PolicyDocument = versions.get(defaultVersion) ?? '';
  return {
    Policy: { PolicyName: name, PolicyType: type, DefaultVersion: defaultVersion },
    DefaultPolicyVersion: { VersionId: defaultVersion, IsDefaultVersion: true, PolicyDocument },
  };
}

function getPolicyVersion(call: Call): Answer {
  const policy = policyAsked(call);
  const VersionId = call.query.get('VersionId') ?? '';
  const PolicyDocument = policy.versions.get(VersionId);
  if (PolicyDocument === undefined) throw new AlibabaError(404, 'EntityNotExist.Policy.Version', 'No such version.');
  return { PolicyVersion: { VersionId, IsDefaultVersion: VersionId === policy.defaultVersion, PolicyDocument } };
}
