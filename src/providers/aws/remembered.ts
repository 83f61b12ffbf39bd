import type { Clock } from '../../domain/clock.ts';
import { remembered as lookedUpOnce } from '../../kit/remembered.ts';

const REFRESH_BEFORE_MS = 5 * 60_000;

export interface KeySet {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** One account's credentials, looked up once and shared by all its clients. */
export interface Credentials {
  get(): Promise<KeySet>;
  /** AWS said that these are done for: look again next time. Ones that were looked up since are kept. */
  forget(accessKeyId: string): void;
}

/** Remembered until shortly before they expire. */
export function remembered(lookUp: () => Promise<KeySet>, clock: Clock): Credentials {
  const kept = lookedUpOnce(lookUp, (keys) => isFresh(keys, clock));
  return {
    get: () => kept.get(),
    forget: (accessKeyId) => kept.forget((keys) => keys.accessKeyId === accessKeyId),
  };
}

function isFresh(keys: KeySet, clock: Clock): boolean {
  const expiresAt = keys.expiration?.getTime();
  return expiresAt === undefined || expiresAt - clock.now() > REFRESH_BEFORE_MS;
}
