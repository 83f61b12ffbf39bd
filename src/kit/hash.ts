import { createHash } from 'node:crypto';
import type { Steps } from './steps.ts';

const BYTES_OF_STEP = 256 * 1024;

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The same of many bytes, in steps. */
export function* hashing(bytes: Uint8Array): Steps<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += BYTES_OF_STEP) {
    hash.update(bytes.subarray(at, at + BYTES_OF_STEP));
    yield;
  }
  return hash.digest('hex');
}
