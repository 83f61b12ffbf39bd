import type { ServiceAccess } from '../../domain/access.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { Field } from '../../domain/record.ts';
import { type Answer, allOf, answerOf, type Idle, isIdleFor } from '../checks/answer.ts';
import { type IdentityAccess, identityKey, type ServiceUse } from './identities.ts';
import { type AccessSeen, type SeenIdentity, sameSubject } from './seen.ts';
import { ownService } from './seen-identities.ts';

export const UNUSED_DAYS = 90;

/** As of when, and how long is too long. */
export interface Measure {
  readonly days: number;
  readonly generatedAt: Instant;
  readonly seen: AccessSeen | undefined;
}

/** A granted service, and whether it was left unused for too long. */
export interface JudgedService {
  readonly use: ServiceUse;
  readonly unused: Answer;
  /** Actions that were told one by one and left unused for too long. Whether each is granted not every cloud says. */
  readonly unusedActions: readonly ServiceAccess[];
}

/** Every service that an identity may use. What is not granted needs no taking away. */
export function judgedServices(access: IdentityAccess, measure: Measure): readonly JudgedService[] {
  const { identity } = access;
  const seen = sameSubject(measure.seen?.identities, identityKey(identity), identity.createdAt);
  return access.services
    .filter(({ granted }) => answerOf(granted) !== 'no')
    .map((use) => {
      const since = grantedSince(seen, use.service);
      const isUnused = (one: Pick<ServiceUse, 'lastUsedAt' | 'trackedSince'>) =>
        isIdleFor(idleOf(one, identity.createdAt, since), measure.days, measure.generatedAt);
      return {
        use,
        unused: allOf(answerOf(use.granted), isUnused(use)),
        unusedActions: use.actions.filter((action) => answerOf(action.granted) !== 'no' && isUnused(action) === 'yes'),
      };
    });
}

function grantedSince(seen: SeenIdentity | undefined, service: string): Instant | undefined {
  return parseInstant(ownService(seen, service)?.since ?? '');
}

/**
 * From the last use that was seen, or as a bound where later ones may not have been; what was never used counts from when it could have been seen: tracked,
 * made and granted, whichever came last.
 */
function idleOf(
  { lastUsedAt, trackedSince }: Pick<ServiceUse, 'lastUsedAt' | 'trackedSince'>,
  createdAt: Field<Instant>,
  since: Instant | undefined,
): Idle {
  const granted = since ?? Number.NEGATIVE_INFINITY;
  if ('value' in lastUsedAt) {
    const latest = Math.max(lastUsedAt.value, granted);
    return 'reason' in trackedSince && trackedSince.reason === 'unknown' ? { atEarliest: latest } : { since: latest };
  }
  const born = [trackedSince, createdAt].filter((field) => 'value' in field || !DOES_NOT_APPLY.has(field.reason));
  const known = born.flatMap((field) => ('value' in field ? [field.value] : []));
  const latest = known.length === 0 ? undefined : Math.max(...known, granted);
  const wasNeverUsed = lastUsedAt.reason === 'never' || lastUsedAt.reason === 'absent';
  if (wasNeverUsed && latest !== undefined && known.length === born.length) return { since: latest };
  return { atEarliest: latest };
}

const DOES_NOT_APPLY: ReadonlySet<string> = new Set(['absent', 'unsupported']);
