import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { remembered as lookedUpOnce } from '../../kit/remembered.ts';

const REFRESH_BEFORE_MS = 5 * 60_000;
/** What does not say when it expires is looked up again: places are written anew when keys are rotated. */
const LOOKED_UP_MS = 5 * 60_000;

export interface KeySet {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  /** From references, which cost next to nothing to read: asked for at each use. */
  readonly isLive?: true;
}

/** One account's credentials, looked up once and shared by all its clients. */
export interface Credentials {
  get(): Promise<KeySet>;
  /** AWS said that these are done for: look again next time. Ones that were looked up since are kept. */
  forget(accessKeyId: string): void;
}

/** Remembered until shortly before they expire. */
export function remembered(lookUp: (isRefused: boolean) => Promise<KeySet>, clock: Clock): Credentials {
  const kept = lookedUpOnce(
    async (isRefused) => ({ keys: await lookUp(isRefused), at: clock.now() }),
    (known) => isFresh(known, clock),
  );
  return {
    get: async () => (await kept.get()).keys,
    forget: (accessKeyId) => kept.forget(({ keys }) => keys.accessKeyId === accessKeyId),
  };
}

interface LookedUp {
  readonly keys: KeySet;
  readonly at: Instant;
}

function isFresh({ keys, at }: LookedUp, clock: Clock): boolean {
  if (keys.isLive === true) return false;
  const expiresAt = keys.expiration?.getTime();
  return expiresAt === undefined ? clock.now() - at < LOOKED_UP_MS : expiresAt - clock.now() > REFRESH_BEFORE_MS;
}
