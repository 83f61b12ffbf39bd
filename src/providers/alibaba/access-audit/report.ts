import type { RawReport } from '../../../domain/report.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../shared/service-access-table.ts';
import type { Work } from '../audit/desk.ts';
import { isRefused } from '../audit/refusal.ts';
import { type AccessDesk, type Gathered, keysOf } from './gathered.ts';
import { actorName, KNOWN_PART, type KnownPart } from './known.ts';
import { isPolicyError } from './native.ts';
import { nativeUses } from './native-uses.ts';
import { notVisible, refusalLines } from './not-visible.ts';
import { rowsOf, servicesOf } from './rows.ts';
import { policyReader, type Subject, subjectOf } from './subject.ts';
import { foldUses } from './uses.ts';

/** One line a policy, then one line an identity: what RAM and ActionTrail answered, as far as it is used. */
const ANSWERS_PART = 'answers.jsonl';
/** One line an identity: the answers of the undocumented operation, as they came. */
const NATIVE_PART = 'native.jsonl';

export function reportOf(gathered: Gathered, desk: AccessDesk, work: Work): RawReport {
  const { settings } = desk;
  const subjects = subjectsOf(gathered, desk, work);
  const scope = { services: servicesOf(subjects), hasActions: settings.granularity === 'action' };
  const rows = subjects.flatMap((subject) => rowsOf(subject, scope));
  const broken = new Set(subjects.flatMap(({ broken: policies }) => policies.map(({ policy }) => policy))).size;
  const refusals = refusalsOf(gathered);
  const what = 'not all of the access audit could be asked for';
  if (refusals.size === 0) sayThere(what, desk);
  else sayMissing(what, refusalLines(refusals).join('; '), desk);
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'synthesised',
    parts: [
      { name: SERVICE_ACCESS_PART, bytes: writeServiceAccess(rows) },
      { name: ANSWERS_PART, bytes: answersOf(gathered) },
      { name: KNOWN_PART, bytes: new TextEncoder().encode(`${JSON.stringify(knownOf(gathered))}\n`) },
      ...(settings.native === undefined ? [] : [{ name: NATIVE_PART, bytes: nativeBytes(gathered) }]),
    ],
    requestIds: [],
    notVisible: notVisible({ lookup: settings.lookup, broken, refusals }),
    cut: ['LookupEvents.Events, but who did what and when last', 'Detail, but its acsRegion'],
  };
}

function subjectsOf(gathered: Gathered, desk: AccessDesk, work: Work): readonly Subject[] {
  const { holdings, documents, keys, seen, native } = gathered;
  const policyOf = policyReader(documents);
  return holdings.flatMap((holding, index) => {
    const events = seen[index];
    const ofKeys = keysOf(holding).flatMap((id) => keys.get(id) ?? []);
    if (events === undefined) return [];
    const subject = subjectOf({ holding, keys: ofKeys, seen: events }, policyOf, work.startedAt);
    return subject === undefined ? [] : [withNative(subject, native[index], desk)];
  });
}

/** The three errors that Alibaba Cloud documents are faults of this identity, that name the policy. */
function withNative(subject: Subject, page: Gathered['native'][number], desk: AccessDesk): Subject {
  const { native } = desk.settings;
  if (native === undefined || page === undefined) return subject;
  if (!('failed' in page)) {
    const uses: Subject['uses'] = {};
    foldUses(uses, subject.uses);
    foldUses(uses, nativeUses(page, native));
    return { ...subject, uses };
  }
  if (!isPolicyError(page.failed)) return subject;
  const known = new Set(subject.broken.map(({ policy }) => policy));
  const blamed = page.policies.length === 0 && known.size === 0 ? ['that it does not name'] : page.policies;
  const what = "Alibaba Cloud's own access audit refuses it";
  const more = blamed.filter((policy) => !known.has(policy));
  const broken = more.map((policy) => ({ policy, via: undefined, error: page.failed, what }));
  return { ...subject, broken: [...subject.broken, ...broken] };
}

function knownOf({ holdings, seen }: Gathered): KnownPart {
  const by: KnownPart['by'] = {};
  for (const [index, { listed, held }] of holdings.entries()) {
    const next = seen[index]?.next;
    if (next !== undefined && held !== undefined) by[actorName(listed)] = next;
  }
  return { version: 1, by };
}

function answersOf({ holdings, documents, keys }: Gathered): Uint8Array {
  const policies = [...documents].map(([key, document]) => ({ policy: JSON.parse(key) as unknown, document }));
  const people = holdings.map((holding) => ({ ...holding, used: keysOf(holding).map((id) => keys.get(id)) }));
  return jsonLines([...policies, ...people]);
}

function nativeBytes({ holdings, native }: Gathered): Uint8Array {
  const lines = holdings.map(({ listed }, index) => ({ kind: listed.kind, id: listed.id, ...native[index] }));
  return jsonLines(lines.filter((_, index) => native[index] !== undefined));
}

function jsonLines(values: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

function refusalsOf({ holdings, keys, seen, native }: Gathered): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const note = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { keys: listed } of holdings)
    if (isRefused(listed)) note(`users whose keys cannot be listed (Alibaba Cloud refused: ${listed.refused})`);
  for (const { untold } of keys.values())
    for (const code of untold) note(`services of keys without events (Alibaba Cloud refused: ${code})`);
  for (const { refused } of keys.values())
    if (refused !== undefined) note(`keys whose services ActionTrail does not tell (it refused: ${refused})`);
  for (const { why } of seen) if (why?.includes('refused') === true) note(`identities: ${why}`);
  for (const page of native)
    if (page !== undefined && 'failed' in page && !isPolicyError(page.failed))
      note(`identities of which Alibaba Cloud's own audit tells nothing (${page.failed})`);
  return counts;
}
