import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from '../audit/desk.ts';
import { type AuditApi, attachedOf } from '../audit-api.ts';
import type { Told } from '../credential-report/asking.ts';
import { pageKey } from '../credential-report/pages.ts';
import type { Site } from '../settings.ts';
import type { Holder } from './identities.ts';
import type { AccessSettings } from './kind.ts';

const AT_ONCE = 4;
const MOST_PAGES = 200;

/** What one identity's policies give: as CAM lists it, or which they are. `gone`: deleted meanwhile. */
export const GrantsPage = z.union([
  z.object({ gone: z.literal(true) }),
  z.object({ refused: z.string(), action: z.string() }),
  z.object({
    services: z.array(
      z.object({
        service: z.string(),
        name: z.string().optional(),
        policies: z.array(z.string()),
        actions: z.array(z.string()).optional(),
      }),
    ),
  }),
  z.object({ attached: z.array(z.object({ id: z.number(), name: z.string(), groups: z.array(z.string()) })) }),
]);
export type GrantsPage = z.infer<typeof GrantsPage>;

export interface GrantsTask {
  readonly api: AuditApi;
  readonly site: Site;
  readonly granularity: AccessSettings['granularity'];
  readonly work: Work;
}

/** Of each in turn; or how many are left when the shift is over. */
export async function askGrants(holders: readonly Holder[], task: GrantsTask): Promise<readonly GrantsPage[] | number> {
  const { site, work } = task;
  const pages: GrantsPage[] = [];
  const left = await workThrough(holders, AT_ONCE, work.shift, async (holder, index) => {
    pages[index] = await work.pages.take(pageKey('grants', index + 1), GrantsPage, () =>
      site === 'mainland' ? askGranting(holder, task) : askAttached(holder, task),
    );
    return 'done';
  });
  return left > 0 ? left : pages;
}

const GRANTING = 'cam:ListPoliciesGrantingServiceAccess';

async function askGranting({ subject }: Holder, { api, granularity, work }: GrantsTask): Promise<GrantsPage> {
  const ask = (service?: string) => work.asker.askIfUseful(GRANTING, () => api.granting(subject, service, work.signal));
  const told = await ask();
  if ('refused' in told) return refusal(GRANTING, told);
  const services: Extract<GrantsPage, { services: unknown }>['services'] = [];
  for (const { Service, Policy } of told.told.List) {
    const { ServiceType: service, ServiceName: name } = Service;
    const policies = [...new Set(Policy.map(({ PolicyName }) => PolicyName))].toSorted();
    const found = { service: service.toLowerCase(), ...(name === undefined ? {} : { name }), policies };
    if (granularity === 'service') {
      services.push(found);
      continue;
    }
    const detail = await ask(service);
    if ('refused' in detail) return refusal(GRANTING, detail);
    const actions = detail.told.List.flatMap(({ Action }) => Action.map(({ Name }) => plainAction(Name)));
    services.push({ ...found, actions: [...new Set(actions)].toSorted() });
  }
  return { services };
}

/** `name/cvm:DescribeInstances` and `cvm:DescribeInstances` are DescribeInstances. */
function plainAction(name: string): string {
  return name.replace(/^(?:name\/)?(?:[\w-]+:)?/, '');
}

async function askAttached({ subject }: Holder, { api, work }: GrantsTask): Promise<GrantsPage> {
  const action = `cam:${attachedOf(subject).action}`;
  const attached = new Map<number, { id: number; name: string; groups: string[] }>();
  let seen = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const told = await work.asker.askIfUseful(action, () => api.attached(subject, page, work.signal));
    if ('refused' in told) return refusal(action, told);
    const { policies, TotalNum } = told.told;
    for (const { PolicyId: id, PolicyName: name, Groups } of policies)
      attached.set(id, { id, name, groups: Groups.map(({ GroupName }) => GroupName).toSorted() });
    seen += policies.length;
    if (seen >= TotalNum) return { attached: [...attached.values()].toSorted((one, other) => one.id - other.id) };
    if (policies.length === 0) break;
  }
  throw new Fault('unreachable', `account ${work.desk.accountId}: ${action} promises more policies than it gives`);
}

/** Who is not there any more has no row; any other refusal is told in it. */
function refusal(action: string, { refused }: Extract<Told<unknown>, { refused: string }>): GrantsPage {
  return /NotExist|^ResourceNotFound/.test(refused) ? { gone: true } : { refused, action };
}

const PolicyPage = z.union([z.object({ refused: z.string() }), z.object({ document: z.string() })]);
export type PolicyPage = z.infer<typeof PolicyPage>;

/** What the attached policies say, each asked for once; or how many are left when the shift is over. */
export async function askPolicies(
  grants: readonly GrantsPage[],
  { api, work }: GrantsTask,
): Promise<ReadonlyMap<number, PolicyPage> | number> {
  const ids = grants.flatMap((page) => ('attached' in page ? page.attached.map(({ id }) => id) : []));
  const distinct = [...new Set(ids)].toSorted((one, other) => one - other);
  const found = new Map<number, PolicyPage>();
  const left = await workThrough(distinct, AT_ONCE, work.shift, async (id) => {
    const page = await work.pages.take(`policy-${id}`, PolicyPage, async () => {
      const told = await work.asker.askIfUseful('cam:GetPolicy', () => api.policy(id, work.signal));
      return 'refused' in told ? { refused: told.refused } : { document: told.told.PolicyDocument };
    });
    found.set(id, page);
    return 'done';
  });
  return left > 0 ? left : found;
}
