import type { Clock } from '../../domain/clock.ts';

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

/** One look-up at a time, remembered until shortly before it expires; a failed one is not remembered. */
export function remembered(lookUp: () => Promise<KeySet>, clock: Clock): Credentials {
  let known: KeySet | undefined;
  let underWay: Promise<KeySet> | undefined;
  const renew = async () => {
    try {
      known = await lookUp();
      return known;
    } finally {
      underWay = undefined;
    }
  };
  return {
    async get() {
      if (known !== undefined && isFresh(known, clock)) return known;
      underWay ??= renew();
      return underWay;
    },
    forget(accessKeyId) {
      if (known?.accessKeyId === accessKeyId) known = undefined;
    },
  };
}

function isFresh(keys: KeySet, clock: Clock): boolean {
  const expiresAt = keys.expiration?.getTime();
  return expiresAt === undefined || expiresAt - clock.now() > REFRESH_BEFORE_MS;
}
