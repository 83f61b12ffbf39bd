import type { KeyUse, ServiceAccess } from '../../domain/access.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { splitSource } from '../../domain/names.ts';
import { valueOf } from '../../domain/record.ts';
import { load } from '../../pipeline/load.ts';
import { pickSources, type Session } from '../session.ts';
import type { Subject } from './subjects.ts';
import { isIn, type Looking } from './timeline.ts';

/** What the newest audit that tells of somebody says of one thing that was used. */
export interface Use {
  readonly what: 'key' | 'service' | 'action' | 'event' | 'address' | 'resource';
  readonly name: string;
  readonly first_used_at?: string;
  readonly last_used_at: string;
  readonly region?: string;
  readonly count?: number;
  readonly key?: string;
  readonly report: { readonly source: string; readonly number: number };
}

const AUDITS: ReadonlySet<string> = new Set(['access-audit', 'key-audit']);

export async function usesOf(subject: Subject, session: Session, looking: Looking): Promise<readonly Use[]> {
  const { archive, stage } = session;
  const found: Use[] = [];
  for (const source of await pickSources(session, looking.sources)) {
    if (!isIn(subject, source) || !AUDITS.has(splitSource(source).kind)) continue;
    const head = await archive.head(source).catch(looking.onDamage);
    for (let number = head?.number ?? 0; number >= 1; number--) {
      const entry = await archive.entry(source, number).catch(looking.onDamage);
      const report = entry && (await load(archive, stage.kind, entry).catch(looking.onDamage));
      const uses = report ? usesIn(report, subject) : [];
      found.push(...uses);
      if (uses.length > 0) break;
    }
  }
  return found;
}

function usesIn({ entry, parsed }: LoadedReport, subject: Subject): readonly Use[] {
  const report = { source: entry.source, number: entry.number };
  const { identity, key } = subject;
  const isOf = ({ kind, id }: { readonly kind: string; readonly id: string }) =>
    kind === identity.kind && id === identity.id;
  const services = key === undefined ? (parsed.access ?? []).filter((row) => isOf(row.identity)) : [];
  const uses = (parsed.keyUses ?? []).filter((row) => (key === undefined ? isOf(row.owner) : row.key.id === key.id));
  return [...services.flatMap(serviceUse), ...uses.flatMap(keyUse)].map((use) => ({ ...use, report }));
}

type Told = Omit<Use, 'report'>;

function serviceUse({ service, action, lastUsedAt, lastUsedRegion }: ServiceAccess): readonly Told[] {
  const last = valueOf(lastUsedAt);
  if (last === undefined || service === '') return [];
  const region = valueOf(lastUsedRegion);
  const name = action === undefined ? service : `${service}:${action}`;
  return [
    {
      what: action === undefined ? 'service' : 'action',
      name,
      last_used_at: formatInstant(last),
      ...(region === undefined ? {} : { region }),
    },
  ];
}

function keyUse({ what, service, name, type, key, firstUsedAt, lastUsedAt, region, count }: KeyUse): readonly Told[] {
  const last = valueOf(lastUsedAt);
  if (last === undefined) return [];
  const [where, times] = [valueOf(region), valueOf(count)];
  return [
    {
      what,
      name: what === 'key' ? key.id : [service, name, type].filter((part) => part !== '').join(' '),
      ...first(valueOf(firstUsedAt)),
      last_used_at: formatInstant(last),
      ...(where === undefined ? {} : { region: where }),
      ...(times === undefined ? {} : { count: times }),
      key: key.id,
    },
  ];
}

function first(at: Instant | undefined) {
  return at === undefined ? {} : { first_used_at: formatInstant(at) };
}

/** As a line of a timeline. */
export function describeUse({ what, name, first_used_at, region, count, key }: Use): string {
  const by = key === undefined || what === 'key' ? '' : `, by ${key}`;
  const where = region === undefined ? '' : ` in ${region}`;
  const often = count === undefined ? '' : count === 1 ? ', once' : `, ${count} times`;
  const since = first_used_at === undefined ? '' : ` since ${first_used_at}`;
  return `last use of ${what} ${name}${where}${by}${often}${since}`;
}
