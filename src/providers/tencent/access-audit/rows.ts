import type { AccessIdentity, ServiceAccess } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { FALSE, reason, TRUE, UNSUPPORTED } from '../../../kit/row-reader.ts';
import type { Use } from '../../../kit/use-fold.ts';
import type { Given } from './given.ts';

/** All that is known of one identity. */
export interface HolderKnown {
  readonly identity: AccessIdentity;
  readonly given: Given;
  /** What CloudAudit tells; undefined where it did not. */
  readonly uses: readonly Use[] | undefined;
  readonly since: Instant | undefined;
  /** Why CloudAudit told nothing, or not all. */
  readonly why: readonly string[];
  readonly isByAction: boolean;
  /** All that there is up to now: what is not named was not used. */
  readonly isFresh: boolean;
  /** CloudAudit told of some role under its id, so that it does. */
  readonly areRolesTold: boolean;
}

const NO_EVENTS = reason('never', 'no event in the time that CloudAudit looked at');
const NOT_TOLD = reason('unknown', 'CloudAudit told nothing of it');
/** The console looks for the id of a role; that the API does is seen where it finds one. */
const NO_SESSIONS = reason('unknown', 'CloudAudit has no event under the id of this role, nor of any other');

/** Pure. Services that policies name and services that were used, each once. */
export function accessRows(known: HolderKnown): readonly ServiceAccess[] {
  const { given, uses = [] } = known;
  const used = uses.filter(({ what }) => what === 'service').map(({ service }) => service);
  const services = [...new Set([...given.services, ...used])].toSorted();
  const rows = services.flatMap((service) => serviceRows(known, service));
  const whole = wholeRow(known, rows.length);
  return whole === undefined ? rows : [whole, ...rows];
}

/** What is said of the identity itself: that it may do everything, nothing, or that nobody told. */
function wholeRow(known: HolderKnown, rows: number): ServiceAccess | undefined {
  const { everything, why } = known.given;
  if (everything.length === 0 && why.length === 0 && rows > 0) return undefined;
  const granted = everything.length > 0 ? TRUE : why.length > 0 ? reason('unknown', why[0]) : FALSE;
  const says = everything.length > 0 ? ['gives every service'] : rows === 0 && why.length === 0 ? [NOTHING] : [];
  const use = known.uses?.find(({ what }) => what === 'key');
  const untold = reason('unknown', why[0]);
  return {
    ...common(known),
    service: '',
    granted,
    grantedBy: everything,
    // Where grants are not known, the list of services is not all of it.
    ...(why.length > 0 ? { lastUsedAt: untold, lastUsedRegion: untold } : lastUse(known, use)),
    why: [...says, ...why, ...known.why],
  };
}

const NOTHING = 'no policy of it gives it any service';

/** Where CloudAudit did not tell up to now, what was seen may not be the last. */
function common({ identity, since, isFresh }: HolderKnown) {
  const { createdAt } = identity;
  const created = 'value' in createdAt ? createdAt.value : 0;
  const trackedSince: Field<Instant> =
    identity.kind === 'group'
      ? UNSUPPORTED
      : since === undefined || !isFresh
        ? NOT_TOLD
        : { value: Math.max(since, created) };
  return { identity, trackedSince };
}

function serviceRows(known: HolderKnown, service: string): readonly ServiceAccess[] {
  const { given, uses = [], isByAction } = known;
  const found = given.of(service);
  const { name, granted, grantedBy, actions, why } = found;
  const about = { ...common(known), service, ...(name === undefined ? {} : { serviceName: name }) };
  const use = uses.find((one) => one.what === 'service' && one.service === service);
  const row = { ...about, granted, grantedBy, ...lastUse(known, use), why: [...why, ...known.why] };
  if (!isByAction) return [row];
  const events = uses.filter((one) => one.what === 'event' && one.service === service);
  const byName = new Map<string, { action: string; use: Use | undefined }>();
  for (const action of actions) byName.set(action.toLowerCase(), { action, use: undefined });
  for (const one of events) {
    const key = one.name.toLowerCase();
    byName.set(key, { action: byName.get(key)?.action ?? one.name, use: one });
  }
  const sorted = [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    row,
    ...sorted.map(([, { action, use: last }]) => ({
      ...about,
      action,
      ...found.ofAction(action),
      ...lastUse(known, last),
      why: known.why,
    })),
  ];
}

function lastUse(known: HolderKnown, use: Use | undefined) {
  const { identity, uses, isFresh } = known;
  if (use !== undefined) return { lastUsedAt: { value: use.last }, lastUsedRegion: { value: use.region } };
  const none = identity.kind === 'group' ? UNSUPPORTED : uses === undefined || !isFresh ? NOT_TOLD : noneOf(known);
  return { lastUsedAt: none, lastUsedRegion: none };
}

function noneOf({ identity, areRolesTold }: HolderKnown) {
  return identity.kind === 'role' && !areRolesTold ? NO_SESSIONS : NO_EVENTS;
}
