import { hash } from 'node:crypto';

/** The first 32 hex digits of the SHA-256 of the text: 128 bits, enough for an id. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
