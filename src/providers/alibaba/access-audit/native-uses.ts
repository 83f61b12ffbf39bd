import { readInstant } from '../../../kit/read-instant.ts';
import { at, type NativePage } from './native.ts';
import type { NativeSettings } from './native-settings.ts';
import { foldUse, type Uses } from './uses.ts';

/** What the undocumented operation tells of services, as far as the configured paths lead to something. */
export function nativeUses(page: NativePage | undefined, { answer }: NativeSettings): Uses {
  const uses: Uses = {};
  if (page === undefined || 'failed' in page) return uses;
  for (const one of page.answers)
    for (const entry of listAt(one, answer.services)) {
      const service = at(entry, answer.service);
      const used = instantOf(at(entry, answer.used));
      if (typeof service === 'string' && used !== undefined) foldUse(uses, { service, at: used });
    }
  return uses;
}

/** RPC answers wrap lists: `Services: { Service: [...] }`. */
function listAt(answer: unknown, path: string): readonly unknown[] {
  const found = at(answer, path);
  if (Array.isArray(found)) return found;
  const inner = typeof found === 'object' && found !== null ? Object.values(found).filter(Array.isArray) : [];
  return inner.flat();
}

/** ISO, or milliseconds since 1970. */
function instantOf(told: unknown): number | undefined {
  if (typeof told === 'number' || (typeof told === 'string' && /^\d{12,14}$/.test(told))) {
    const ms = Number(told);
    return ms > 0 ? ms : undefined;
  }
  return typeof told === 'string' ? readInstant(told) : undefined;
}
