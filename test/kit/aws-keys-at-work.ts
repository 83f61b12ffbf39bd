import { formatInstant } from '../../src/domain/instant.ts';
import { type AuditBench, auditBench } from './audited-aws.ts';

export const KIND = 'key-audit';
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
export const REGIONS = ['us-east-1', 'eu-west-1'];

/** An account whose keys but the last have done much in two regions. */
export async function inhabited(users: number, events: number, audits = {}): Promise<AuditBench> {
  const bench = await auditBench(KIND, { own: { regions: REGIONS }, audits });
  for (let index = 0; index < users; index += 1) {
    const user = nameOf(index);
    bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user });
    bench.simulator.mutate({ account: bench.account.id, do: 'create_key', user });
  }
  bench.clock.move(100 * DAY_MS);
  work(bench, users, events, 80 * DAY_MS);
  return bench;
}

/** Events of all keys but the last, spread over the time that has passed, several in one second. */
export function work(bench: AuditBench, users: number, events: number, overMs: number): void {
  const services = ['ec2', 's3', 'iam', 'lambda'] as const;
  for (let number = 0; number < events; number += 1) {
    const user = nameOf(number % Math.max(1, users - 1));
    const at = bench.clock.now() - Math.floor((overMs * Math.floor(number / 4) * 4) / events) - MINUTE_MS;
    bench.act({
      user,
      key_id: keyOf(bench, user),
      service: services[number % 4]!,
      event: number % 3 === 0 ? 'DescribeThings' : 'CreateThing',
      region: REGIONS[number % 2]!,
      address: `203.0.113.${number % 7}`,
      resources: number % 5 === 0 ? [{ type: 'AWS::S3::Bucket', name: `bucket-${number % 3}` }] : [],
      at: formatInstant(at),
    });
  }
}

function nameOf(index: number): string {
  return `user-${String(index).padStart(3, '0')}`;
}

export function keyOf({ account }: AuditBench, user: string): string {
  return account.users.get(user)!.accessKeys[0]!.id;
}

/** The least: a page for each 50 events of a key and region, and one where there are none. */
export function pagesOf({ account }: AuditBench): number {
  let pages = 0;
  for (const user of account.users.values())
    for (const region of REGIONS) {
      const events = account.audit.events.filter(
        (event) => event.name === user.name && (event.service === 'iam' ? 'us-east-1' : event.region) === region,
      );
      pages += Math.max(1, Math.ceil(events.length / 50));
    }
  return pages;
}
