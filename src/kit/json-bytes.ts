import type { z } from 'zod';

/** Undefined when there are no bytes; `damaged` when they hold something else than this schema. */
export function readJson<T>(bytes: Uint8Array | undefined, schema: z.ZodType<T>): T | 'damaged' | undefined {
  if (bytes === undefined) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Small JSON for people to read, the same bytes for the same value. */
export function writeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`);
}
