import type { AccessIdentity, KeyUse, KeyUseKind } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { reason } from '../../../kit/row-reader.ts';
import type { Use } from '../../../kit/use-fold.ts';
import { readZoned } from '../credential-report/zone.ts';
import type { LastUse, ListedKey } from './keys.ts';

/** All that is known of one key. */
export interface KeyKnown {
  readonly owner: AccessIdentity;
  readonly key: ListedKey;
  readonly createdAt: Field<Instant>;
  readonly lastUse: LastUse | undefined;
  readonly timeZone: string;
  /** What CloudAudit tells; undefined where it did not. */
  readonly uses: readonly Use[] | undefined;
  readonly why: readonly string[];
  /** Lists of which not all was told, or asked for: what they do not name may have been used. */
  readonly gaps: readonly Exclude<KeyUseKind, 'key'>[];
}

const NOT_TOLD = reason('unknown', 'CloudAudit told nothing of it');
const NO_EVENTS = reason('never', 'no event in the 90 days that CloudAudit looks back');
const NO_TIME = reason('unknown', 'the cloud names no time: never used, or not known');

/** Pure: the key as a whole first, then what it was used for. */
export function keyRows(known: KeyKnown): readonly KeyUse[] {
  const rows = (known.uses ?? []).filter(({ what }) => what !== 'key').map((use) => useRow(known, use));
  return [keyRow(known), ...known.gaps.map((what) => gapRow(known, what)), ...rows];
}

function common(known: KeyKnown) {
  const { owner, key, createdAt } = known;
  const active: Field<boolean> = { value: key.status === 'Active' };
  return { owner, key: { id: key.id, createdAt, active }, reportedLastUsedAt: reportedOf(known) };
}

/** A day is told up to a day late, and begins in the cloud's own zone. */
function reportedOf({ lastUse, timeZone }: KeyKnown): Field<Instant> {
  if (lastUse === undefined) return NO_TIME;
  if ('refused' in lastUse) return reason('unknown', `cam:GetSecurityLastUsed was refused: ${lastUse.refused}`);
  const { at = lastUse.day === undefined ? undefined : readZoned(lastUse.day, timeZone) } = lastUse;
  return at === undefined ? NO_TIME : { value: at };
}

function keyRow(known: KeyKnown): KeyUse {
  const whole = known.uses?.find(({ what }) => what === 'key');
  return { ...common(known), what: 'key', service: '', name: '', type: '', ...timesOf(known, whole), why: known.why };
}

/** Without CloudAudit, CAM's own word for the last use is all there is. */
function timesOf(known: KeyKnown, whole: Use | undefined) {
  if (whole !== undefined) return told(whole);
  if (known.uses === undefined || known.gaps.includes('service'))
    return { firstUsedAt: NOT_TOLD, lastUsedAt: reportedOf(known), region: NOT_TOLD, count: NOT_TOLD };
  return { firstUsedAt: NO_EVENTS, lastUsedAt: NO_EVENTS, region: NO_EVENTS, count: { value: 0 } };
}

/** Names nothing: its list is not all of it. */
function gapRow(known: KeyKnown, what: KeyUseKind): KeyUse {
  const untold = { firstUsedAt: NOT_TOLD, lastUsedAt: NOT_TOLD, region: NOT_TOLD, count: NOT_TOLD };
  return { ...common(known), what, service: '', name: '', type: '', ...untold, why: ['the list is not all of it'] };
}

function told({ first, last, region, count }: Use) {
  return {
    firstUsedAt: { value: first },
    lastUsedAt: { value: last },
    region: { value: region },
    count: { value: count },
  };
}

function useRow(known: KeyKnown, use: Use): KeyUse {
  const { what, service, name, type } = use;
  return { ...common(known), what, service, name, type, ...told(use), why: [] };
}
