import type { z } from 'zod';
import type { Attempt } from '../domain/attempt.ts';
import { Fault } from '../domain/fault.ts';
import { readJson } from './json-bytes.ts';

/** The answers of one attempt. What was once answered is not asked again, whoever asked it. */
export interface Pages {
  /** The kept answer, or the one that is asked for now. */
  take<T>(key: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T>;
  /** As take, but asks nothing. */
  find<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
}

/** `known` holds what was read or kept before, so that nothing is read twice. */
export function pagesOf(attempt: Attempt, known: Map<string, unknown>, accountId: string): Pages {
  return {
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
    if (known.has(key)) return known.get(key) as T; // read by the same schema below: a key has one
    const page = readJson(await attempt.get(key), schema);
    if (page === 'damaged') {
      await attempt.giveUp();
      const next = 'all is asked anew';
      throw new Fault('malformed', `account ${accountId}: the kept answer ${key} is not understood; ${next}`);
    }
    if (page !== undefined) known.set(key, page);
    return page;
  }
}

export function pageKey(name: string, number: number): string {
  return `${name}-${String(number).padStart(5, '0')}`;
}
