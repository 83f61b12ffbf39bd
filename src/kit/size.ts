import { z } from 'zod';

const UNIT_BYTES = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const;

/** `512KiB`, `256MiB`, `1GiB`. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,9})(B|KiB|MiB|GiB)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * UNIT_BYTES[match[2] as keyof typeof UNIT_BYTES]; // the pattern allows these four only
}

/** A number of bytes, or `256MiB`, as bytes. */
export function size(): z.ZodType<number> {
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const bytes = typeof value === 'number' ? value : parseSize(value);
      if (bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
      context.addIssue({ code: 'custom', message: `"${value}" is not a size: write for example 256MiB or 1GiB` });
      return z.NEVER;
    })
    .meta({
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', pattern: '^[0-9]{1,9}(B|KiB|MiB|GiB)$' },
      ],
    });
}
