import type { Instant } from '../../../domain/instant.ts';
import type { Listed } from '../audit/identities.ts';
import { isRefused } from '../audit/refusal.ts';
import { keysTrackedSince } from '../audit/tracked.ts';
import type { Seen } from './events.ts';
import type { Holding, Holdings } from './holdings.ts';
import { policyKey } from './holdings.ts';
import type { HeldPolicy } from './judge.ts';
import type { KeyUses } from './key-part.ts';
import { type Policy, readPolicy } from './policy.ts';
import { foldUses, type Uses } from './uses.ts';

export interface BrokenPolicy {
  readonly policy: string;
  readonly via: string | undefined;
  readonly error: string;
  readonly what: string;
}

/** One identity and all that is known of it, ready to be written down. */
export interface Subject {
  readonly listed: Listed;
  readonly policies: readonly HeldPolicy[];
  readonly broken: readonly BrokenPolicy[];
  readonly isWithoutPolicies: boolean;
  readonly uses: Uses;
  /** Undefined: what was seen is not all, and may not be the last. */
  readonly trackedSince: Instant | undefined;
  /** Why a use may not have been seen; none where everybody answered. */
  readonly blind: readonly string[];
  /** The same, of single actions. */
  readonly blindToActions: readonly string[];
}

/** Reads each policy once, however many have it. */
export function policyReader(documents: Holdings['documents']): (key: string) => Policy | undefined {
  const read = new Map<string, Policy | undefined>();
  return (key) => {
    if (!read.has(key)) {
      const document = documents.get(key);
      read.set(key, document === undefined ? undefined : readPolicy(document));
    }
    return read.get(key);
  };
}

export interface Told {
  readonly holding: Holding;
  readonly keys: readonly KeyUses[];
  readonly seen: Seen;
}

/** Pure. Undefined for who was deleted meanwhile. */
export function subjectOf(
  { holding, keys, seen }: Told,
  policyOf: (key: string) => Policy | undefined,
  startedAt: Instant,
): Subject | undefined {
  const { listed, held } = holding;
  if (held === undefined) return undefined;
  const policies: HeldPolicy[] = [];
  const broken: BrokenPolicy[] = [];
  for (const { policy, via } of held) {
    const read = policyOf(policyKey(policy));
    // A policy that was deleted meanwhile gives nothing.
    if (read === undefined) continue;
    if ('error' in read) broken.push({ policy: policy.name, via, ...read });
    else {
      const grant = { policy: policy.name, ...(via === undefined ? {} : { via }) };
      policies.push({ grant, statements: read.statements });
    }
  }
  const uses: Uses = {};
  foldUses(uses, seen.uses);
  for (const key of keys) foldUses(uses, key.uses);
  const isWithoutPolicies = held.length === 0;
  const trackedSince = isTold(holding, keys) ? trackedSinceOf(holding, seen, startedAt) : undefined;
  const untold = [...new Set(keys.flatMap((key) => key.untold))];
  return {
    listed,
    policies,
    broken,
    isWithoutPolicies,
    uses,
    trackedSince,
    blind: blindnessOf(holding, keys, seen),
    blindToActions: untold.map((code) => `ActionTrail refused to name events of its keys (${code})`),
  };
}

/** Whether all that its keys did is told. */
function isTold(holding: Holding, keys: readonly KeyUses[]): boolean {
  return !isRefused(holding.keys) && keys.every(({ refused }) => refused === undefined);
}

/** From when on every way of using something would have been seen. */
function trackedSinceOf({ listed, keys }: Holding, { since }: Seen, startedAt: Instant): Instant | undefined {
  if (since === undefined) return undefined;
  const hasKeys = Array.isArray(keys) && keys.length > 0;
  return Math.max(listed.created ?? 0, since, hasKeys ? keysTrackedSince(undefined, startedAt) : 0);
}

function blindnessOf(holding: Holding, keys: readonly KeyUses[], seen: Seen): readonly string[] {
  const untold = new Set(keys.flatMap(({ refused }) => (refused === undefined ? [] : [refused])));
  return [
    ...(seen.why === undefined ? [] : [seen.why]),
    ...(isRefused(holding.keys) ? [`its access keys could not be listed (${holding.keys.refused})`] : []),
    ...[...untold].map((code) => `ActionTrail's AccessKey audit refused to tell of its keys (${code}); is it enabled?`),
  ];
}
