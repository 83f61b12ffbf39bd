import { formatSecond } from '../../kit/whole-second.ts';
import type { Xml } from './aws-query.ts';
import type { IamCall } from './iam-identities.ts';
import { arnOfGroup, arnOfRole } from './identities-of-audit.ts';
import { pageOf } from './paging.ts';

export function listRoles({ world, account, form }: IamCall): Xml {
  const roles = [...account.roles.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const page = pageOf(form, roles, (role) => role.name);
  const members = page.members.map((role) => ({
    Path: role.path ?? '/',
    RoleName: role.name,
    RoleId: role.id,
    Arn: arnOfRole(world, account, role),
    CreateDate: formatSecond(role.createdAt ?? account.root.createdAt),
  }));
  return { Roles: members, ...page.tail };
}

export function listGroups({ world, account, form }: IamCall): Xml {
  const groups = [...account.audit.groups.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const page = pageOf(form, groups, (group) => group.name);
  const members = page.members.map((group) => ({
    Path: '/',
    GroupName: group.name,
    GroupId: group.id,
    Arn: arnOfGroup(world, account, group),
    CreateDate: formatSecond(group.createdAt),
  }));
  return { Groups: members, ...page.tail };
}
