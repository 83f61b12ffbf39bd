import { z } from 'zod';
import type { AccessIdentity } from '../../../domain/access.ts';
import { Fault } from '../../../domain/fault.ts';
import type { Work } from '../audit/desk.ts';
import { createdField, type Person } from '../audit/people.ts';
import type { AuditApi, Subject } from '../audit-api.ts';
import type { Told } from '../credential-report/asking.ts';
import { pageKey } from '../credential-report/pages.ts';
import { isNotAllowed } from '../faults.ts';

const MOST_PAGES = 1_000;

/** Somebody, or something, that policies are attached to. */
export interface Holder {
  readonly subject: Subject;
  readonly identity: AccessIdentity;
}

const Item = z.object({
  id: z.string(),
  name: z.string(),
  created: z.string().optional(),
  type: z.string().optional(),
});
type Item = z.infer<typeof Item>;
const ListPage = z.union([
  z.object({ refused: z.string() }),
  z.object({ items: z.array(Item), total: z.number(), count: z.number() }),
]);

export function holderOf({ uin, identity }: Person): Holder {
  return { subject: { uin }, identity };
}

/** Tencent's code where they are not to be listed. */
export async function listRoles(api: AuditApi, work: Work): Promise<readonly Holder[] | string> {
  const items = await list('roles', 'cam:DescribeRoleList', work, async (page) => {
    const { List, TotalNum } = await api.roles(page, work.signal);
    const roles = List.map(({ RoleId: id, RoleName: name, AddTime: created, RoleType: type }) => ({
      id,
      name,
      created,
      type,
    }));
    return { items: roles, total: TotalNum };
  });
  if (typeof items === 'string') return items;
  const own = items.filter(({ type }) => type !== 'service_linked');
  return own.map(({ id, name, created }) => {
    const arn = `qcs::cam::uin/${work.desk.accountId}:roleName/${name}`;
    const identity = { kind: 'role', name, id: arn, uniqueId: id, createdAt: createdField(created, work) } as const;
    return { subject: { roleId: id }, identity };
  });
}

export async function listGroups(api: AuditApi, work: Work): Promise<readonly Holder[] | string> {
  const items = await list('groups', 'cam:ListGroups', work, async (page) => {
    const { GroupInfo, TotalNum } = await api.groups(page, work.signal);
    const groups = GroupInfo.map(({ GroupId, GroupName: name, CreateTime: created }) => ({
      id: String(GroupId),
      name,
      created,
    }));
    return { items: groups, total: TotalNum };
  });
  if (typeof items === 'string') return items;
  return items.map(({ id, name, created }) => ({
    subject: { groupId: Number(id) },
    identity: { kind: 'group', name, id: `group/${id}`, uniqueId: id, createdAt: createdField(created, work) },
  }));
}

interface Listed {
  readonly items: readonly { id: string; name: string; created: string | undefined; type?: string | undefined }[];
  readonly total: number;
}

/** Each once, in the order of their ids. */
async function list(
  name: string,
  action: string,
  work: Work,
  ask: (page: number) => Promise<Listed>,
): Promise<readonly Item[] | string> {
  const found = new Map<string, Item>();
  let seen = 0;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = await work.pages.take(pageKey(name, number), ListPage, async () => {
      const told: Told<Listed> = await work.asker.ask(action, () => ask(number));
      if ('refused' in told) {
        if (number > 1 || !isNotAllowed(told.refused)) throw told.fault;
        return { refused: told.refused };
      }
      const { items, total } = told.told;
      if (items.length === 0 && seen < total) throw cutShort(action, work);
      return { items: items.map(withoutGaps), total, count: items.length };
    });
    if ('refused' in page) return page.refused;
    for (const item of page.items) found.set(item.id, item);
    seen += page.count;
    if (seen >= page.total) return [...found.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: ${action} has no end`);
}

function withoutGaps({ id, name, created, type }: Listed['items'][number]): Item {
  return { id, name, ...(created === undefined ? {} : { created }), ...(type === undefined ? {} : { type }) };
}

function cutShort(action: string, { desk }: Work): Fault {
  return new Fault(
    'unreachable',
    `account ${desk.accountId}: ${action} says that there are more, and does not list them`,
  );
}
