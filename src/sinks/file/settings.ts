import { z } from 'zod';
import { text } from '../../kit/schema.ts';
import { size } from '../../kit/size.ts';

const DEFAULT_ROTATE_BYTES = 268_435_456;

export const FileSettings = z.strictObject({
  /** Where the events go. Its folder must exist. */
  path: text().refine((path) => path !== '' && !path.endsWith('/') && !path.includes('\0'), 'must name a file'),
  /** A batch that would take the file past this begins a new file. */
  rotate_bytes: size().default(DEFAULT_ROTATE_BYTES),
  /** The first batch of a UTC day begins a new file. */
  rotate_daily: z.boolean().default(true),
  /** Of the files that Muster makes. */
  mode: z.enum(['0600', '0640', '0644']).default('0600'),
});
export type FileSettings = z.infer<typeof FileSettings>;
