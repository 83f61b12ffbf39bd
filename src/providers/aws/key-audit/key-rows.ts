import type { KeyUse, KeyUseKind } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { NEVER, reason, UNSUPPORTED } from '../../../kit/row-reader.ts';
import type { Use } from '../../../kit/use-fold.ts';
import { identityOf, type Listed } from '../audit/identities.ts';
import type { ListedKey } from './keys.ts';

/** All that is known of one key. */
export interface Known {
  readonly owner: Listed;
  readonly key: ListedKey;
  /** What CloudTrail tells; undefined where it was not asked. */
  readonly uses: readonly Use[] | undefined;
  readonly why: readonly string[];
  /** Lists that are not all of it: nobody asked for them, a region did not answer, or they are cut. */
  readonly gaps: readonly KeyUseKind[];
}

const NOT_ASKED = reason('unknown', 'CloudTrail told nothing of it');
const UNTOLD = reason('unknown', 'not all of it is told');
const NO_EVENTS = reason('never', 'no management event in the 90 days that CloudTrail keeps');
const NO_EVENT = reason('unknown', 'CloudTrail has no management event of it');

/** Pure: the key as a whole first, then what it was used for. */
export function keyRows(known: Known): readonly KeyUse[] {
  const { uses = [] } = known;
  const rows = uses.filter(({ what }) => what !== 'key').map((use) => useRow(known, use));
  const service = reportedService(known);
  const gaps = known.gaps.map((what) => gapRow(known, what));
  return [keyRow(known), ...(service === undefined ? [] : [service]), ...rows, ...gaps];
}

/** It names nothing: what its list does not name is not told. */
function gapRow(known: Known, what: KeyUseKind): KeyUse {
  const untold = { firstUsedAt: UNTOLD, lastUsedAt: UNTOLD, region: UNTOLD, count: UNTOLD };
  return { ...common(known), what, service: '', name: '', type: '', ...untold, why: ['the list is not all of it'] };
}

function common({ owner, key }: Known) {
  return {
    owner: identityOf(owner),
    key: { id: key.id, createdAt: { value: key.created }, active: activeOf(key) },
    reportedLastUsedAt: reportedOf(key),
  };
}

function activeOf({ status }: ListedKey): Field<boolean> {
  return { value: status === 'Active' };
}

function reportedOf({ used }: ListedKey): Field<Instant> {
  if (used === 'gone') return reason('unknown', 'the key was deleted meanwhile');
  return used.at === undefined ? NEVER : { value: used.at };
}

function keyRow(known: Known): KeyUse {
  const { key, uses, why } = known;
  const { at, service = '', region } = key.used === 'gone' ? {} : key.used;
  const whole = uses?.find(({ what }) => what === 'key');
  const reported = at === undefined ? NEVER : region === undefined ? UNSUPPORTED : { value: region };
  return {
    ...common(known),
    what: 'key',
    service: whole === undefined ? service : '',
    name: '',
    type: '',
    ...timesOf(known, whole),
    region: whole === undefined ? reported : { value: whole.region },
    why,
  };
}

/** Without CloudTrail, IAM's own word for the last use is all there is. */
function timesOf({ key, uses }: Known, whole: Use | undefined): Pick<KeyUse, 'firstUsedAt' | 'lastUsedAt' | 'count'> {
  if (whole !== undefined) {
    return { firstUsedAt: { value: whole.first }, lastUsedAt: { value: whole.last }, count: { value: whole.count } };
  }
  const reported = reportedOf(key);
  if (uses === undefined) {
    const isUnused = 'reason' in reported && reported.reason === 'never';
    return { firstUsedAt: isUnused ? NEVER : NOT_ASKED, lastUsedAt: reported, count: NOT_ASKED };
  }
  return { firstUsedAt: NO_EVENTS, lastUsedAt: NO_EVENTS, count: { value: 0 } };
}

function useRow(known: Known, { what, service, name, type, first, last, region, count }: Use): KeyUse {
  return {
    ...common(known),
    what,
    service,
    name,
    type,
    firstUsedAt: { value: first },
    lastUsedAt: { value: last },
    region: { value: region },
    count: { value: count },
    why: [],
  };
}

/** The service of the last use, which may be one that CloudTrail tells nothing of. */
function reportedService(known: Known): KeyUse | undefined {
  const { key, uses } = known;
  if (uses === undefined || key.used === 'gone') return undefined;
  const { at, service, region } = key.used;
  if (at === undefined || service === undefined) return undefined;
  if (uses.some((use) => use.what === 'service' && use.service === service)) return undefined;
  return {
    ...common(known),
    what: 'service',
    service,
    name: '',
    type: '',
    firstUsedAt: NO_EVENT,
    lastUsedAt: { value: at },
    region: region === undefined ? UNSUPPORTED : { value: region },
    count: NO_EVENT,
    why: ['told by iam:GetAccessKeyLastUsed', 'CloudTrail has no management event of it'],
  };
}
