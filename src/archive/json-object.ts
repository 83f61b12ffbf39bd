import { Fault } from '../domain/fault.ts';
import { sha256 } from '../kit/hash.ts';

/** How every JSON object of the archive is written. A manifest is vouched for by the chain. */
export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Small objects that no chain vouches for end with a digest of themselves, so that a flipped byte is seen. */
export function sealed(value: object): Uint8Array {
  const body = { version: 1, ...value };
  return jsonBytes({ ...body, sha256: sha256(JSON.stringify(body)) });
}

export function unseal(bytes: Uint8Array, key: string): Record<string, unknown> {
  const object = parseObject(bytes);
  const { sha256: seal, ...body } = object ?? {};
  const whole = object !== undefined && seal === sha256(JSON.stringify(body)) && same(jsonBytes(object), bytes);
  if (!whole) throw new Fault('malformed', `archive object ${key} was changed: its own digest does not fit`);
  if (body['version'] === 1) return body;
  throw new Fault('malformed', `archive object ${key} was written by a newer Muster`);
}

export function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // Looked at field by field by whoever asked.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
