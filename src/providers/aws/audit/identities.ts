import { z } from 'zod';
import type { AccessIdentity } from '../../../domain/access.ts';
import { Fault } from '../../../domain/fault.ts';
import { pageKey } from '../../../kit/page-key.ts';
import type { AuditApi } from '../audit-api.ts';
import type { Work } from './desk.ts';

const MOST_PAGES = 1_000;

const Listed = z.object({
  kind: z.enum(['user', 'role', 'group']),
  name: z.string(),
  arn: z.string(),
  id: z.string(),
  created: z.number(),
});
export type Listed = z.infer<typeof Listed>;

const ListPage = z.object({ identities: z.array(Listed), next: z.string().optional() });
type ListPage = z.infer<typeof ListPage>;

/** Their policies belong to AWS, and nobody can change them. */
const SERVICE_LINKED = '/aws-service-role/';

type Asked = Pick<AuditApi, 'users' | 'roles' | 'groups'>;

export function listUsers(api: Asked, work: Work): Promise<readonly Listed[]> {
  return list('users', work, async (marker) => {
    const { Users, ...tail } = await api.users(marker, work.signal);
    const identities = Users.map(({ UserName, UserId, Arn, CreateDate }) =>
      listed('user', UserName, UserId, Arn, CreateDate),
    );
    return { identities, ...nextOf(tail) };
  });
}

export function listRoles(api: Asked, work: Work): Promise<readonly Listed[]> {
  return list('roles', work, async (marker) => {
    const { Roles, ...tail } = await api.roles(marker, work.signal);
    const own = Roles.filter(({ Path }) => !Path.startsWith(SERVICE_LINKED));
    const identities = own.map(({ RoleName, RoleId, Arn, CreateDate }) =>
      listed('role', RoleName, RoleId, Arn, CreateDate),
    );
    return { identities, ...nextOf(tail) };
  });
}

export function listGroups(api: Asked, work: Work): Promise<readonly Listed[]> {
  return list('groups', work, async (marker) => {
    const { Groups, ...tail } = await api.groups(marker, work.signal);
    const identities = Groups.map(({ GroupName, GroupId, Arn, CreateDate }) =>
      listed('group', GroupName, GroupId, Arn, CreateDate),
    );
    return { identities, ...nextOf(tail) };
  });
}

export function identityOf({ kind, name, arn, id, created }: Listed): AccessIdentity {
  return { kind, name, id: arn, uniqueId: id, createdAt: { value: created } };
}

function listed(kind: Listed['kind'], name: string, id: string, arn: string, created: Date): Listed {
  return { kind, name, arn, id, created: created.getTime() };
}

interface Tail {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** Undefined at the end. */
export function markerOf({ IsTruncated, Marker }: Tail): string | undefined {
  return IsTruncated === true ? Marker : undefined;
}

function nextOf(tail: Tail): Pick<ListPage, 'next'> {
  const next = markerOf(tail);
  return next === undefined ? {} : { next };
}

/** Sorted by ARN and each once: who is on two pages, because somebody came between, has one place. */
async function list(
  name: string,
  work: Work,
  page: (marker: string | undefined) => Promise<ListPage>,
): Promise<readonly Listed[]> {
  const found = new Map<string, Listed>();
  let marker: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = marker;
    const { identities, next } = await work.pages.take(pageKey(name, number), ListPage, () =>
      work.ask(() => page(from)),
    );
    for (const one of identities) found.set(one.arn, one);
    if (next === undefined) return [...found.values()].toSorted((one, other) => (one.arn < other.arn ? -1 : 1));
    if (next === marker) break;
    marker = next;
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: AWS repeats a page of the list of ${name}`);
}
