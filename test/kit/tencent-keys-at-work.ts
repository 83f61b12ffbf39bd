import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { DAY_MS, MINUTE_MS, parsedOf, type TencentAuditBench, tencentAuditBench } from './audited-tencent.ts';

export const KIND = 'key-audit';
export const REGIONS = ['ap-guangzhou', 'ap-shanghai'];

/** An account whose keys but the last have done much in two regions. */
export async function inhabited(users: number, events: number, options = {}): Promise<TencentAuditBench> {
  const bench = await tencentAuditBench(KIND, { own: { regions: REGIONS }, ...options });
  for (let index = 0; index < users; index += 1) {
    bench.change({ do: 'create_user', user: nameOf(index) });
    bench.change({ do: 'create_key', user: nameOf(index) });
  }
  bench.clock.move(100 * DAY_MS);
  work(bench, users, events, 80 * DAY_MS);
  return bench;
}

/** Events of all keys but the last, spread over the time that has passed, several in one second. */
export function work(bench: TencentAuditBench, users: number, events: number, overMs: number): void {
  const services = ['cvm', 'cos', 'cam', 'vpc'] as const;
  for (let number = 0; number < events; number += 1) {
    const user = nameOf(number % Math.max(1, users - 1));
    const done = {
      user,
      key_id: keyOf(bench, user),
      service: services[number % 4]!,
      event: number % 3 === 0 ? 'DescribeThings' : 'CreateThing',
      region: REGIONS[number % 2]!,
      address: `203.0.113.${number % 7}`,
      resource: number % 5 === 0 ? `instance/ins-${number % 3}` : '',
    };
    bench.act(done, Math.floor((overMs * Math.floor(number / 4) * 4) / events) + MINUTE_MS);
  }
}

function nameOf(index: number): string {
  return `user-${String(index).padStart(3, '0')}`;
}

export function keyOf(bench: TencentAuditBench, user: string): string {
  return bench.user(user).keys[0]!.id;
}

interface Told {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly count: number | undefined;
}

export function uses(report: RawReport): Record<string, Told> {
  const rows = parsedOf(KIND, report).keyUses ?? [];
  return Object.fromEntries(
    rows.map((row) => [
      `${row.owner.name} ${row.what} ${row.service} ${row.type}${row.name}`,
      { first: valueOf(row.firstUsedAt), last: valueOf(row.lastUsedAt), count: valueOf(row.count) },
    ]),
  );
}

/** Read a second time, from what truly happened. */
export function truth({ account, clock }: TencentAuditBench): Record<string, Told> {
  const told: Record<string, Told> = {};
  for (const user of account.users.values())
    told[`${user.name} key  `] = { first: undefined, last: undefined, count: 0 };
  for (const { principal, at, service, event, address, resource } of account.audit.events) {
    if (at < clock.now() - 89 * DAY_MS) continue;
    const { name } = account.users.get(Number(principal))!;
    const names = ['key  ', `service ${service} `, `event ${service} ${event}`, `address  ${address}`];
    for (const what of [...names, ...(resource === '' ? [] : [`resource  ${service}${resource}`])]) {
      const known = told[`${name} ${what}`];
      told[`${name} ${what}`] = {
        first: Math.min(known?.first ?? at, at),
        last: Math.max(known?.last ?? at, at),
        count: (known?.count ?? 0) + 1,
      };
    }
  }
  return told;
}

/** The least: a page for each 50 events of a key, region and window, and one where there are none. */
export function pagesOf({ account, clock }: TencentAuditBench): number {
  const windowMs = 30 * DAY_MS - 30 * MINUTE_MS;
  let pages = 0;
  for (const user of account.users.values())
    for (const region of REGIONS)
      for (const window of [0, 1, 2]) {
        const events = account.audit.events.filter(
          ({ principal, at, region: of }) =>
            principal === String(user.uin) && of === region && Math.floor((clock.now() - at) / windowMs) === window,
        );
        pages += Math.max(1, Math.ceil(events.length / 50));
      }
  return pages;
}
