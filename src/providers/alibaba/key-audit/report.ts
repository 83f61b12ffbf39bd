import type { KeyUse } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import { writingJsonLines } from '../../../kit/json-steps.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { inTurns } from '../../../kit/steps.ts';
import { KEY_USE_PART, writeKeyUse } from '../../shared/key-use-table.ts';
import { CUT } from '../audit/cut.ts';
import type { Work } from '../audit/desk.ts';
import type { Listed } from '../audit/identities.ts';
import { isRefused } from '../audit/refusal.ts';
import type { AuditedKey, KeyDesk } from './audited.ts';
import { notVisible, refusalLines } from './not-visible.ts';
import { rowsOf } from './rows.ts';

/** One line a key: what RAM and ActionTrail answered, as far as it is used. */
const ANSWERS_PART = 'answers.jsonl';

const OF_DEPTH: Readonly<Record<KeyDesk['depth'], readonly string[]>> = {
  info: [CUT.info],
  products: [CUT.info, CUT.products],
  full: [CUT.info, CUT.products, CUT.events, CUT.addresses, CUT.resources],
};

interface Unlisted {
  readonly owner: Listed;
  readonly code: string;
}

export async function reportOf(
  audited: readonly AuditedKey[],
  unlisted: readonly Unlisted[],
  desk: KeyDesk,
  work: Work,
): Promise<RawReport> {
  const refusals = refusalsOf(audited, unlisted);
  const what = 'not all of the key audit could be asked for';
  if (refusals.size === 0) sayThere(what, desk);
  else sayMissing(what, refusalLines(refusals).join('; '), desk);
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'synthesised',
    parts: [
      { name: KEY_USE_PART, bytes: await inTurns(writeKeyUse(rowsOfAll(audited, work))) },
      { name: ANSWERS_PART, bytes: await inTurns(writingJsonLines([...audited, ...unlisted])) },
    ],
    requestIds: [],
    notVisible: notVisible(desk.depth, refusals),
    cut: [CUT.users, ...OF_DEPTH[desk.depth]],
  };
}

function* rowsOfAll(audited: readonly AuditedKey[], { startedAt }: Work): Generator<KeyUse> {
  for (const key of audited) yield* rowsOf(key, startedAt);
}

function refusalsOf(audited: readonly AuditedKey[], unlisted: readonly Unlisted[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const note = (what: string, answer: unknown) => {
    if (!isRefused(answer)) return;
    const line = `${what} (Alibaba Cloud refused: ${answer.refused})`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  };
  for (const { code } of unlisted) note('users whose keys cannot be listed', { refused: code });
  for (const { key, used, services } of audited) {
    note('keys of which RAM does not tell the last use', key.reported);
    note('keys that ActionTrail tells nothing of; is its AccessKey audit enabled?', used.info);
    note('keys whose services ActionTrail does not tell', used.products);
    for (const { uses } of services) {
      note('services of keys without events', uses.events);
      note('services of keys without addresses', uses.addresses);
      note('services of keys without resources', uses.resources);
    }
  }
  return counts;
}
