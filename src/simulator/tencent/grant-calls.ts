import { readPolicy } from '../allow.ts';
import type { CamGroup, CamPolicy } from './audit-state.ts';
import type { TencentAccount } from './model.ts';
import { TencentError } from './tencent-error.ts';
import { naive, roleIdOf } from './world.ts';

interface GrantCall {
  readonly account: TencentAccount;
  readonly request: Readonly<Record<string, unknown>>;
}

type GrantAction = (call: GrantCall) => object;

/** Services and actions that CAM knows here, as ListPoliciesGrantingServiceAccess lists them. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  cam: ['CreateRole', 'ListUsers', 'UpdateUser'],
  cbs: ['AttachDisks', 'DescribeDisks'],
  cdb: ['DescribeDBInstances', 'StopDBInstance'],
  clb: ['DescribeLoadBalancers', 'RegisterTargets'],
  cos: ['GetService', 'PutObject'],
  cvm: ['DescribeInstances', 'RunInstances', 'TerminateInstances'],
  sms: ['SendSms'],
  sts: ['AssumeRole'],
  tke: ['DescribeClusters'],
  vpc: ['CreateVpc', 'DescribeVpcs'],
};

export const GRANT_ACTIONS: ReadonlyMap<string, GrantAction> = new Map<string, GrantAction>([
  ['ListPoliciesGrantingServiceAccess', granting],
  ['DescribeRoleList', roles],
  ['ListGroups', groups],
  ['ListAttachedUserAllPolicies', ofUser],
  ['ListAttachedRolePolicies', ofRole],
  ['ListAttachedGroupPolicies', ofGroup],
  ['GetPolicy', policy],
]);

function granting({ account, request }: GrantCall): object {
  const wanted = request['ServiceType'];
  const services = Object.keys(SERVICES).filter((service) => wanted === undefined || service === wanted);
  const policies = subjectPolicies({ account, request }).map(({ policy: one }) => one);
  const List = services.flatMap((service) => {
    const giving = policies.filter((one) => actionsGiven([one], service).length > 0);
    const actions = actionsGiven(policies, service);
    if (giving.length === 0 || actions.length === 0) return [];
    const Action = wanted === undefined ? [] : actions.map((Name) => ({ Name, Description: Name }));
    return [
      { Service: { ServiceType: service, ServiceName: service.toUpperCase() }, Action, Policy: giving.map(policyJson) },
    ];
  });
  return { List: List.length === 0 ? null : List };
}

/** Allowed by one of them and denied by none. */
function actionsGiven(policies: readonly CamPolicy[], service: string): readonly string[] {
  const statements = policies.flatMap(({ document }) => readPolicy(JSON.parse(document)).statements);
  return (SERVICES[service] ?? []).filter((action) => {
    const about = statements.filter(({ actions }) =>
      actions.some((pattern) => isMeant(pattern, `${service}:${action}`)),
    );
    return about.length > 0 && about.every(({ isAllow }) => isAllow);
  });
}

function isMeant(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.split('*').join('.*')}$`, 'i').test(action);
}

function policyJson({ id, name, isPreset }: CamPolicy): object {
  const PolicyType = isPreset ? 'Presetting' : 'Custom';
  return { PolicyId: String(id), PolicyName: name, PolicyType, PolicyDescription: 'private-description' };
}

interface Given {
  readonly policy: CamPolicy;
  readonly groups: readonly CamGroup[];
}

function subjectPolicies({ account, request }: GrantCall): readonly Given[] {
  const { TargetUin, RoleId, GroupId } = request;
  if (TargetUin !== undefined) return policiesOfUser(account, TargetUin);
  if (RoleId !== undefined) return policiesOf(account, `role/${roleOf(account, RoleId)}`);
  if (GroupId !== undefined) return policiesOf(account, `group/${groupOf(account, GroupId).id}`);
  throw new TencentError('InvalidParameter.ParamError', 'TargetUin, RoleId or GroupId is needed.');
}

function policiesOf({ audit }: TencentAccount, whose: string): readonly Given[] {
  const names = [...(audit.attached.get(whose) ?? [])];
  return names.flatMap((name) => {
    const found = audit.policies.get(name);
    return found === undefined ? [] : [{ policy: found, groups: [] }];
  });
}

function policiesOfUser(account: TencentAccount, uin: unknown): readonly Given[] {
  if (typeof uin !== 'number' || !account.users.has(uin))
    throw new TencentError('ResourceNotFound.UserNotExist', 'The user does not exist.');
  const found = new Map<string, Given>();
  for (const one of policiesOf(account, `user/${uin}`)) found.set(one.policy.name, one);
  for (const group of account.audit.groups.values()) {
    if (!group.members.has(uin)) continue;
    for (const { policy: one } of policiesOf(account, `group/${group.id}`))
      found.set(one.name, { policy: one, groups: [...(found.get(one.name)?.groups ?? []), group] });
  }
  return [...found.values()];
}

function roles({ account, request }: GrantCall): object {
  const all = [...account.roles.values()].map(({ name }) => ({
    RoleId: roleIdOf(account, name),
    RoleName: name,
    PolicyDocument: '{}',
    Description: 'private-description',
    AddTime: naive(account.createdAt),
    RoleType: 'user',
    RoleArn: `qcs::cam::uin/${account.id}:roleName/${name}`,
  }));
  return pageOf(request, all, 'List');
}

function groups({ account, request }: GrantCall): object {
  const all = [...account.audit.groups.values()].map(({ id, name, createdAt }) => ({
    GroupId: id,
    GroupName: name,
    CreateTime: naive(createdAt),
    Remark: 'private-remark',
  }));
  return pageOf(request, all, 'GroupInfo');
}

function ofUser({ account, request }: GrantCall): object {
  const all = policiesOfUser(account, request['TargetUin']).map(({ policy: { id, name, isPreset }, groups: via }) => ({
    PolicyId: String(id),
    PolicyName: name,
    StrategyType: isPreset ? '2' : '1',
    Groups: via.map((group) => ({ GroupId: group.id, GroupName: group.name })),
  }));
  return pageOf(request, all, 'PolicyList');
}

function ofRole({ account, request }: GrantCall): object {
  const own = policiesOf(account, `role/${roleOf(account, request['RoleId'])}`);
  return pageOf(request, own.map(attachedJson), 'List');
}

function ofGroup({ account, request }: GrantCall): object {
  const own = policiesOf(account, `group/${groupOf(account, request['TargetGroupId']).id}`);
  return pageOf(request, own.map(attachedJson), 'List');
}

function attachedJson({ policy: { id, name, isPreset } }: Given): object {
  return { PolicyId: id, PolicyName: name, PolicyType: isPreset ? 'QCS' : 'User' };
}

function policy({ account, request }: GrantCall): object {
  const found = [...account.audit.policies.values()].find(({ id }) => id === request['PolicyId']);
  if (found === undefined) throw new TencentError('ResourceNotFound.PolicyIdNotFound', 'There is no such policy.');
  const { name: PolicyName, isPreset, document: PolicyDocument } = found;
  return { PolicyName, Type: isPreset ? 2 : 1, PolicyDocument, Description: 'private-description' };
}

function roleOf(account: TencentAccount, id: unknown): string {
  const known = [...account.roles.values()].map(({ name }) => roleIdOf(account, name)).find((one) => one === id);
  if (known === undefined) throw new TencentError('InvalidParameter.RoleNotExist', 'The role does not exist.');
  return known;
}

function groupOf({ audit }: TencentAccount, id: unknown): CamGroup {
  const group = [...audit.groups.values()].find((one) => one.id === id);
  if (group === undefined) throw new TencentError('ResourceNotFound.GroupNotExist', 'The group does not exist.');
  return group;
}

function pageOf({ Page = 1, Rp = 20 }: GrantCall['request'], all: readonly object[], list: string): object {
  if (typeof Page !== 'number' || typeof Rp !== 'number' || Page < 1 || Rp < 1 || Rp > 200)
    throw new TencentError('InvalidParameter.ParamError', 'Page or Rp is invalid.');
  const shown = all.slice((Page - 1) * Rp, Page * Rp);
  return { [list]: shown.length === 0 ? null : shown, TotalNum: all.length };
}
