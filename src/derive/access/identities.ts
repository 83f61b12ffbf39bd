import type { AccessIdentity, Grant, ServiceAccess } from '../../domain/access.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Field, valueOf } from '../../domain/record.ts';
import { atOnce, eachOf, mapped, type Steps } from '../../kit/steps.ts';

/** A service and its actions, as far as one identity is concerned. */
export interface ServiceUse {
  readonly service: string;
  readonly name: string | undefined;
  readonly granted: Field<boolean>;
  readonly grantedBy: readonly Grant[];
  /** Of the service, or of an action of it if that is later. */
  readonly lastUsedAt: Field<Instant>;
  readonly lastUsedRegion: Field<string>;
  readonly trackedSince: Field<Instant>;
  readonly actions: readonly ServiceAccess[];
  readonly why: readonly string[];
}

export interface IdentityAccess {
  readonly identity: AccessIdentity;
  readonly services: readonly ServiceUse[];
  /** What the report says of the identity as a whole. */
  readonly rows: readonly ServiceAccess[];
  /** Not all of it could be read: what is not listed is not told. */
  readonly isPartial: boolean;
}

interface Group {
  readonly identity: AccessIdentity;
  readonly rows: ServiceAccess[];
  readonly services: Map<string, ServiceAccess[]>;
}

/** The same name in every report: a name that was given anew is told apart by its creation. */
export function identityKey({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

/** The rows of an access audit by identity and service; their order takes no part. */
export function identitiesIn(rows: readonly ServiceAccess[]): readonly IdentityAccess[] {
  return atOnce(groupingIdentities(rows));
}

/** The same in steps; whoever asks after them has it at once. */
export function* groupingIdentities(rows: readonly ServiceAccess[]): Steps<readonly IdentityAccess[]> {
  const known = groupedOf.get(rows) ?? (yield* grouped(rows));
  groupedOf.set(rows, known);
  return known;
}

/** Checks, changes and events ask for the same rows again and again, and there may be hundreds of thousands. */
const groupedOf = new WeakMap<readonly ServiceAccess[], readonly IdentityAccess[]>();

function* grouped(rows: readonly ServiceAccess[]): Steps<readonly IdentityAccess[]> {
  const groups = new Map<string, Group>();
  yield* eachOf(rows, (row) => {
    const group = groupOf(groups, row);
    if (row.service === '') group.rows.push(row);
    else listOf(group.services, row.service).push(row);
  });
  return yield* mapped(groups.values(), identityAccess);
}

function groupOf(groups: Map<string, Group>, { identity }: ServiceAccess): Group {
  const key = identityKey(identity);
  const group = groups.get(key) ?? { identity, rows: [], services: new Map() };
  groups.set(key, group);
  return group;
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}

function identityAccess({ identity, rows, services }: Group): IdentityAccess {
  return {
    identity,
    rows,
    services: [...services].map(([service, rows]) => serviceUse(service, rows)).sort(byService),
    isPartial: rows.some(isUnread),
  };
}

/** One who is given nothing has nothing that could be left unread. */
function isUnread({ granted, lastUsedAt }: ServiceAccess): boolean {
  return valueOf(granted) !== false && 'reason' in lastUsedAt && lastUsedAt.reason === 'unknown';
}

function byService(one: ServiceUse, other: ServiceUse): number {
  return one.service < other.service ? -1 : 1;
}

function serviceUse(service: string, rows: readonly ServiceAccess[]): ServiceUse {
  const whole = rows.filter(({ action }) => action === undefined);
  const actions = rows.filter(({ action }) => action !== undefined);
  const newest = newestOf(rows) ?? rows[0];
  return {
    service,
    name: rows.find(({ serviceName }) => serviceName !== undefined)?.serviceName,
    granted: anyTrue((whole.length > 0 ? whole : actions).map(({ granted }) => granted)),
    grantedBy: distinct(rows.flatMap(({ grantedBy }) => grantedBy)),
    lastUsedAt: lastUseOf(whole, actions),
    lastUsedRegion: newest?.lastUsedRegion ?? NOT_TOLD,
    trackedSince: whole.some(isUnread) ? NOT_TOLD : ((whole[0] ?? actions[0])?.trackedSince ?? NOT_TOLD),
    actions: actions.toSorted((one, other) => ((one.action ?? '') < (other.action ?? '') ? -1 : 1)),
    why: [...new Set(whole.flatMap(({ why }) => why))],
  };
}

const NOT_TOLD: Field<never> = { reason: 'unknown' };

function newestOf(rows: readonly ServiceAccess[]): ServiceAccess | undefined {
  let newest: ServiceAccess | undefined;
  for (const row of rows) {
    if ('value' in row.lastUsedAt && (newest === undefined || useOf(row) > useOf(newest))) newest = row;
  }
  return newest;
}

function useOf({ lastUsedAt }: ServiceAccess): Instant {
  return 'value' in lastUsedAt ? lastUsedAt.value : Number.NEGATIVE_INFINITY;
}

/** An action cannot be used without its service. What is not told of an action says nothing against what is told of the service. */
function lastUseOf(whole: readonly ServiceAccess[], actions: readonly ServiceAccess[]): Field<Instant> {
  const newest = newestOf([...whole, ...actions]);
  if (newest !== undefined) return newest.lastUsedAt;
  const told = (whole.length > 0 ? whole : actions).map(({ lastUsedAt }) => lastUsedAt);
  return told.find((field) => 'reason' in field && field.reason === 'unknown') ?? told[0] ?? NOT_TOLD;
}

function anyTrue(fields: readonly Field<boolean>[]): Field<boolean> {
  const granted = fields.find((field) => 'value' in field && field.value);
  return granted ?? fields.find((field) => 'reason' in field) ?? fields[0] ?? NOT_TOLD;
}

function distinct(grants: readonly Grant[]): readonly Grant[] {
  const found = new Map(grants.map((grant) => [grantKey(grant), grant]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

function grantKey({ policy, via }: Grant): string {
  return JSON.stringify([policy, via ?? null]);
}
