import type { WireRequest } from '../wire.ts';
import { AwsError } from './aws-error.ts';
import type { OrganizationMember, SimulatedOrganization } from './organization.ts';
import { isAllowed, type Principal } from './principals.ts';
import type { World } from './world.ts';

const TARGET = 'AWSOrganizationsV20161128.';

type Json = Readonly<Record<string, unknown>>;
type Call = (organization: SimulatedOrganization, asked: Json) => Json;

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['ListAccounts', listAccounts],
  ['ListTagsForResource', listTags],
  ['DescribeOrganization', ({ id, managementId }) => ({ Organization: { Id: id, MasterAccountId: managementId } })],
]);

/** The action that a call of the JSON 1.1 protocol names in a header; undefined for other protocols. */
export function organizationsAction({ headers }: Pick<WireRequest, 'headers'>): string | undefined {
  const target = headers['x-amz-target'];
  return typeof target === 'string' && target.startsWith(TARGET) ? target.slice(TARGET.length) : undefined;
}

export function answerOrganizations(world: World, principal: Principal, action: string, body: Buffer): Json {
  const call = CALLS.get(action);
  if (call === undefined) throw new AwsError(400, 'UnknownOperationException');
  const permission = `organizations:${action}`;
  if (!isAllowed(principal, permission) || principal.accountId !== world.organization.managementId)
    throw new AwsError(
      400,
      'AccessDeniedException',
      `User: ${principal.arn} is not authorized to perform: ${permission}`,
    );
  return call(world.organization, parsed(body));
}

/** Errors of this protocol, which words some of them in its own way. */
export function writeJsonError({ code, said }: AwsError): string {
  return JSON.stringify({ __type: JSON_CODES[code] ?? code, ...(said === undefined ? {} : { Message: said }) });
}

const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  Throttling: 'TooManyRequestsException',
  ExpiredToken: 'ExpiredTokenException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  InternalFailure: 'ServiceException',
};

/** At most twenty a page; with `emptyPages` every other page is empty, and not the last. */
function listAccounts(organization: SimulatedOrganization, { NextToken, MaxResults }: Json): Json {
  const all = [...organization.members.values()];
  const page = typeof NextToken === 'string' ? Number(Buffer.from(NextToken, 'base64url').toString()) : 0;
  if (!Number.isInteger(page)) throw new AwsError(400, 'InvalidInputException', 'You specified an invalid value.');
  const isEmpty = organization.emptyPages && page % 2 === 0;
  const size = Math.min(organization.pageSize, typeof MaxResults === 'number' ? MaxResults : 20);
  const from = (organization.emptyPages ? Math.floor(page / 2) : page) * size;
  const shown = isEmpty ? [] : all.slice(from, from + size);
  const hasMore = isEmpty || from + size < all.length;
  return {
    Accounts: shown.map((member) => accountJson(organization, member)),
    ...(hasMore ? { NextToken: Buffer.from(String(page + 1)).toString('base64url') } : {}),
  };
}

function accountJson({ id, managementId, form }: SimulatedOrganization, member: OrganizationMember): Json {
  const status = member.state === 'CLOSED' ? 'SUSPENDED' : member.state;
  return {
    Id: member.id,
    Arn: `arn:aws:organizations::${managementId}:account/${id}/${member.id}`,
    Email: `aws+${member.id}@example.com`,
    Name: member.name,
    ...(form === 'state' ? {} : { Status: status }),
    ...(form === 'status' ? {} : { State: member.state }),
    JoinedMethod: 'CREATED',
    JoinedTimestamp: member.joinedAt / 1_000,
  };
}

function listTags(organization: SimulatedOrganization, { ResourceId }: Json): Json {
  const member = typeof ResourceId === 'string' ? organization.members.get(ResourceId) : undefined;
  if (member === undefined)
    throw new AwsError(400, 'TargetNotFoundException', "You specified a target that doesn't exist.");
  return { Tags: Object.entries(member.tags).map(([Key, Value]) => ({ Key, Value })) };
}

function parsed(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json; // fields are looked at one by one
  } catch {
    throw new AwsError(400, 'SerializationException');
  }
}
