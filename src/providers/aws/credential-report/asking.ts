import { Fault } from '../../../domain/fault.ts';
import type { Look } from '../../provider.ts';
import type { Desk } from './desk.ts';

const RETRIES = 3;
const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/** What is asked beside the report may fail without failing it: the answer, or why there is none. */
export type Told<T> = { readonly told: T } | { readonly fault: Fault };

/** In turn, and again after a pause while AWS throttles. Rejects only when the signal fires. */
export async function ask<T>(call: () => Promise<T>, desk: Desk, look: Look): Promise<Told<T>> {
  for (let retry = 0; ; retry += 1) {
    await desk.pace(look.signal);
    try {
      return { told: await call() };
    } catch (error) {
      look.signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      if (error.kind !== 'throttled' || retry === RETRIES) return { fault: error };
      const pauseMs = Math.min(error.retryAfterMs ?? RETRY_MS * 2 ** retry, LONGEST_RETRY_MS);
      await look.clock.sleepUntil(look.clock.now() + pauseMs, look.signal);
    }
  }
}

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** All pages, or the fault that ended them. A marker that comes twice would go on for ever. */
export async function askPages<P extends Page>(
  page: (marker: string | undefined) => Promise<P>,
  desk: Desk,
  look: Look,
): Promise<Told<readonly P[]>> {
  const pages: P[] = [];
  const markers = new Set<string>();
  let marker: string | undefined;
  do {
    const current = marker;
    const answer = await ask(() => page(current), desk, look);
    if ('fault' in answer) return answer;
    pages.push(answer.told);
    marker = answer.told.IsTruncated === true ? answer.told.Marker : undefined;
    if (marker !== undefined && markers.has(marker)) {
      return { fault: new Fault('malformed', `account ${desk.accountId}: AWS repeats a page of a list`) };
    }
    if (marker !== undefined) markers.add(marker);
  } while (marker !== undefined);
  return { told: pages };
}

/** Says once that something is missing, and once more only after it was there again. */
export function sayMissing(what: string, fault: Fault, desk: Desk): void {
  if (desk.said.has(what)) return;
  desk.said.add(what);
  desk.observe({ kind: 'degraded', source: desk.source, what: `${what}: ${fault.message}` });
}

export function sayThere(what: string, desk: Desk): void {
  desk.said.delete(what);
}
