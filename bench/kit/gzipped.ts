import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** A batch as a sink sends it: NDJSON, gzip at the webhook's level (zlib's default, 6), one at a time. Resolves to the two sizes. */
export async function gzipped(lines: readonly string[]): Promise<{ raw: number; packed: number }> {
  const body = Buffer.from(`${lines.join('\n')}\n`);
  return { raw: body.length, packed: (await compress(body)).length };
}
