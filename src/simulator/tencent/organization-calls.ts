import { type RollMember, rollPage } from '../member-roll.ts';
import { isAllowed, type TencentPrincipal } from './principals.ts';
import { invalidAction, notAuthorized, TencentError } from './tencent-error.ts';
import { naive, type TencentWorld } from './world.ts';

type Request = Readonly<Record<string, unknown>>;

/** Tencent Cloud Organization, of the account that made it. */
export function answerOrganization(
  world: TencentWorld,
  principal: TencentPrincipal,
  action: string,
  request: Request,
): object {
  const { organization } = world;
  const { id } = principal.account;
  const isHost = id === organization.managementId;
  if (action !== 'DescribeOrganizationMembers' && action !== 'DescribeOrganization') throw invalidAction(action);
  if (!isHost && !organization.members.has(id))
    throw new TencentError('ResourceNotFound.OrganizationNotExist', 'The organization does not exist.');
  if (!isAllowed(principal, `organization:${action}`)) throw notAuthorized(`organization:${action}`);
  if (action === 'DescribeOrganization') return describeOrganization(world);
  // The administrator of a trusted service has to name it.
  if (!isHost && !(organization.delegated.has(id) && typeof request['Product'] === 'string'))
    throw notAuthorized(`organization:${action}`);
  return describeMembers(world, request);
}

function describeMembers({ organization, accounts }: TencentWorld, request: Request): object {
  const { Offset, Limit } = request;
  if (typeof Limit !== 'number' || !Number.isInteger(Limit) || Limit < 1 || Limit > 50) throw wrong('Limit');
  if (typeof Offset !== 'number' || Offset < 0 || Offset % Limit !== 0) throw wrong('Offset');
  const { rows, total } = rollPage(organization, accounts.get(organization.managementId), Offset / Limit, Limit);
  return { Items: rows.length === 0 ? null : rows.map(memberJson), Total: total };
}

function wrong(name: string): TencentError {
  return new TencentError('InvalidParameter', `The parameter ${name} is invalid.`);
}

/** With what is personal, so that a test can see that it is not kept; without tags it is null. */
function memberJson({ id, name, state, joinedAt, tags }: RollMember): object {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  return {
    MemberUin: Number(id),
    Name: name,
    NickName: `private-${id}@example.com`,
    Remark: null,
    MemberType: 'Create',
    CreateTime: naive(joinedAt),
    BindStatus: 'Unbound',
    PermissionStatus: state === '' ? 'Confirmed' : state,
    Tags: Tags.length === 0 ? null : Tags,
  };
}

function describeOrganization({ organization, accounts }: TencentWorld): object {
  const { managementId } = organization;
  return { OrgId: 10_000, HostUin: Number(managementId), NickName: accounts.get(managementId)?.name ?? null };
}
