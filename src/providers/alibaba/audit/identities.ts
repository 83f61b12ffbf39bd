import { z } from 'zod';
import type { AccessIdentity } from '../../../domain/access.ts';
import { Fault } from '../../../domain/fault.ts';
import { pageKey } from '../../../kit/page-key.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { reason } from '../../../kit/row-reader.ts';
import type { AuditApi } from '../audit-api.ts';
import type { Work } from './desk.ts';

const MOST_PAGES = 1_000;

const Listed = z.object({
  kind: z.enum(['user', 'role']),
  name: z.string(),
  /** A user's name, as in a credential report; a role's ARN. */
  id: z.string(),
  uniqueId: z.string(),
  created: z.number().optional(),
});
export type Listed = z.infer<typeof Listed>;

const ListPage = z.object({ identities: z.array(Listed), next: z.string().optional() });
type ListPage = z.infer<typeof ListPage>;

export function listUsers(api: Pick<AuditApi, 'users'>, work: Work): Promise<readonly Listed[]> {
  return list('users', work, async (marker) => {
    const { users, ...tail } = await work.ask('ram:ListUsers', () => api.users(marker, work.signal));
    const identities = users.user.map(({ userName: name, userId, createDate }) =>
      listed({ kind: 'user', name, id: name, uniqueId: userId }, createDate),
    );
    return { identities, ...nextOf(tail) };
  });
}

export function listRoles(api: Pick<AuditApi, 'roles'>, work: Work): Promise<readonly Listed[]> {
  return list('roles', work, async (marker) => {
    const { roles, ...tail } = await work.ask('ram:ListRoles', () => api.roles(marker, work.signal));
    const identities = roles.role.map(({ roleName: name, roleId, arn, createDate }) =>
      listed({ kind: 'role', name, id: arn, uniqueId: roleId }, createDate),
    );
    return { identities, ...nextOf(tail) };
  });
}

export function identityOf({ kind, name, id, uniqueId, created }: Listed): AccessIdentity {
  const createdAt = created === undefined ? reason('unknown', 'the cloud names no date') : { value: created };
  return { kind, name, id, uniqueId, createdAt };
}

function listed(one: Omit<Listed, 'created'>, createDate: string): Listed {
  const created = readInstant(createDate);
  return { ...one, ...(created === undefined ? {} : { created }) };
}

interface Tail {
  readonly isTruncated?: boolean | undefined;
  readonly marker?: string | undefined;
}

function nextOf({ isTruncated, marker }: Tail): Pick<ListPage, 'next'> {
  return isTruncated === true && marker !== undefined && marker !== '' ? { next: marker } : {};
}

/** Sorted and each once: who is on two pages, because somebody came between, has one place. */
async function list(
  name: string,
  work: Work,
  page: (marker: string | undefined) => Promise<ListPage>,
): Promise<readonly Listed[]> {
  const found = new Map<string, Listed>();
  let marker: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = marker;
    const { identities, next } = await work.pages.take(pageKey(name, number), ListPage, () => page(from));
    for (const one of identities) found.set(one.id, one);
    if (next === undefined) return [...found.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
    if (next === marker) break;
    marker = next;
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: Alibaba Cloud repeats a page of the list of ${name}`);
}
