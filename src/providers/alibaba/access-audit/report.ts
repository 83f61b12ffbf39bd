import type { ServiceAccess } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import { writingJsonLines } from '../../../kit/json-steps.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { inTurns, mapped, type Steps } from '../../../kit/steps.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../shared/service-access-table.ts';
import { CUT } from '../audit/cut.ts';
import type { Work } from '../audit/desk.ts';
import { isRefused } from '../audit/refusal.ts';
import { type AccessDesk, type Gathered, keysOf } from './gathered.ts';
import { actorName, KNOWN_PART, type KnownPart } from './known.ts';
import { isPolicyError } from './native.ts';
import { nativeUses } from './native-uses.ts';
import { notVisible, refusalLines } from './not-visible.ts';
import { rowsOf, type Scope, servicesOf } from './rows.ts';
import { policyReader, type Subject, subjectOf } from './subject.ts';
import { foldUses } from './uses.ts';

/** One line a policy, then one line an identity: what RAM and ActionTrail answered, as far as it is used. */
const ANSWERS_PART = 'answers.jsonl';
/** One line an identity: the answers of the undocumented operation, as they came. */
const NATIVE_PART = 'native.jsonl';

export async function reportOf(gathered: Gathered, desk: AccessDesk, work: Work): Promise<RawReport> {
  const { settings } = desk;
  const subjects = await inTurns(subjectsOf(gathered, desk, work));
  const scope = { services: servicesOf(subjects), hasActions: settings.granularity === 'action' };
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
      { name: SERVICE_ACCESS_PART, bytes: await inTurns(writeServiceAccess(rowsOfAll(subjects, scope))) },
      { name: ANSWERS_PART, bytes: await inTurns(writingJsonLines(answersOf(gathered))) },
      { name: KNOWN_PART, bytes: await inTurns(writingJsonLines([knownOf(gathered)])) },
      ...(settings.native === undefined
        ? []
        : [{ name: NATIVE_PART, bytes: await inTurns(writingJsonLines(nativeLines(gathered))) }]),
    ],
    requestIds: [],
    notVisible: notVisible({ lookup: settings.lookup, broken, refusals }),
    cut: cutOf(settings),
  };
}

function cutOf({ granularity, lookup }: AccessDesk['settings']): readonly string[] {
  return [
    CUT.users,
    CUT.products,
    ...(granularity === 'action' ? [CUT.events] : []),
    ...(lookup === 'off' ? [] : [CUT.lookedUp]),
  ];
}

function* rowsOfAll(subjects: readonly Subject[], scope: Scope): Generator<ServiceAccess> {
  for (const subject of subjects) yield* rowsOf(subject, scope);
}

function* subjectsOf(gathered: Gathered, desk: AccessDesk, work: Work): Steps<readonly Subject[]> {
  const { holdings, documents, keys, seen, native } = gathered;
  const policyOf = policyReader(documents);
  const subjects = yield* mapped(holdings.entries(), ([index, holding]) => {
    const events = seen[index];
    const ofKeys = keysOf(holding).flatMap((id) => keys.get(id) ?? []);
    if (events === undefined) return [];
    const subject = subjectOf({ holding, keys: ofKeys, seen: events }, policyOf, work.startedAt);
    return subject === undefined ? [] : [withNative(subject, native[index], desk)];
  });
  return subjects.flat();
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

function* answersOf({ holdings, documents, keys }: Gathered): Generator<object> {
  for (const [key, document] of documents) yield { policy: JSON.parse(key) as unknown, document };
  for (const holding of holdings) yield { ...holding, used: keysOf(holding).map((id) => keys.get(id)) };
}

function* nativeLines({ holdings, native }: Gathered): Generator<object> {
  for (const [index, { listed }] of holdings.entries()) {
    const page = native[index];
    if (page !== undefined) yield { kind: listed.kind, id: listed.id, ...page };
  }
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
