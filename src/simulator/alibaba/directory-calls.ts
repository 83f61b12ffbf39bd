import { type RollMember, rollPage } from '../member-roll.ts';
import type { Answer } from './actions.ts';
import { AlibabaError, noPermission } from './alibaba-error.ts';
import { isAllowed, type Principal } from './principals.ts';
import type { World } from './world.ts';

/** Resource Manager, of the management account's resource directory. */
export function answerDirectory(world: World, principal: Principal, action: string, query: URLSearchParams): Answer {
  const { directory } = world;
  const isManager = principal.accountId === directory.managementId || directory.delegated.has(principal.accountId);
  const isMember = isManager || directory.members.has(principal.accountId);
  if (action !== 'ListAccounts' && action !== 'GetResourceDirectory')
    throw new AlibabaError(404, 'InvalidAction.NotFound', `Specified api is not found: ${action}`);
  if (!isMember)
    throw new AlibabaError(404, 'ResourceDirectoryNotInUse', 'The account is not in a resource directory.');
  if (!isAllowed(principal, `resourcemanager:${action}`) || (action === 'ListAccounts' && !isManager))
    throw noPermission(`resourcemanager:${action}`);
  return action === 'ListAccounts' ? listAccounts(world, query) : getResourceDirectory(world);
}

/** Pages begin at 1. */
function listAccounts(world: World, query: URLSearchParams): Answer {
  const { directory, accounts } = world;
  const PageNumber = wholeNumber(query, 'PageNumber', 1, 1_000_000);
  const PageSize = wholeNumber(query, 'PageSize', 10, 100);
  const { rows, total } = rollPage(directory, accounts.get(directory.managementId), PageNumber - 1, PageSize);
  const hasTags = query.get('IncludeTags') === 'true';
  return {
    PageNumber,
    PageSize,
    TotalCount: total,
    Accounts: { Account: rows.map((member) => accountJson(member, hasTags)) },
  };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const given = Number(query.get(name) ?? otherwise);
  if (Number.isInteger(given) && given >= 1 && given <= most) return given;
  throw new AlibabaError(400, `InvalidParameter.${name}`, `The specified parameter ${name} is not valid.`);
}

/** A member without tags has no `Tags`. */
function accountJson({ id, name, state, joinedAt, tags }: RollMember, hasTags: boolean): Answer {
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    AccountId: id,
    DisplayName: name,
    Type: 'ResourceAccount',
    JoinMethod: 'created',
    JoinTime: new Date(joinedAt).toISOString(),
    ResourceDirectoryId: 'rd-demo',
    Status: state === '' || state === 'Deleting' ? 'CreateSuccess' : state,
    ...(state === 'Deleting' ? { DeletionStatus: state } : {}),
    ...(hasTags && Tag.length > 0 ? { Tags: { Tag } } : {}),
  };
}

function getResourceDirectory({ directory, accounts }: World): Answer {
  const ResourceDirectory = {
    ResourceDirectoryId: 'rd-demo',
    RootFolderId: 'r-demo',
    MasterAccountId: directory.managementId,
    MasterAccountName: accounts.get(directory.managementId)?.name ?? '',
  };
  return { ResourceDirectory };
}
