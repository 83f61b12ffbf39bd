import type { z } from 'zod';
import type { Attempt } from '../../../domain/attempt.ts';
import { Fault } from '../../../domain/fault.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import type { Pages } from '../credential-report/pages.ts';

/** The answers of one attempt. What was once answered is not asked again, whoever asked it. */
export interface AuditPages extends Pages {
  /** As take, but asks nothing. */
  find<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
}

/** `taken` holds what was read or kept before, so that nothing is read twice. */
export function auditPagesOf(attempt: Attempt, taken: Map<string, unknown>, accountId: string): AuditPages {
  return {
    taken,
    async take(key, schema, ask) {
      const found = await find(key, schema);
      if (found !== undefined) return found;
      await attempt.put(key, new TextEncoder().encode(JSON.stringify(await ask())));
      // Another collector may have been faster: then its answer counts for both.
      const kept = await find(key, schema);
      if (kept === undefined) throw new Fault('unreachable', `account ${accountId}: the answer ${key} was not kept`);
      return kept;
    },
    find,
  };

  async function find<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    if (taken.has(key)) return taken.get(key) as T; // read by the same schema below: a key has one
    const page = readJson(await attempt.get(key), schema);
    if (page === 'damaged') {
      const next = 'wait for the next attempt';
      throw new Fault('malformed', `account ${accountId}: the kept answer ${key} is not understood; ${next}`);
    }
    if (page !== undefined) taken.set(key, page);
    return page;
  }
}
