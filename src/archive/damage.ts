import { isMalformed } from '../domain/fault.ts';
import { BoundedMap } from '../kit/bounded-map.ts';

export type OnDamage = (key: string, what: string) => void;

export interface Damage {
  say(key: string, what: string): void;
  /** Undefined when the object, or one that it needs, is damaged: what is whole must not wait for it. */
  passOver<T>(key: string, read: () => Promise<T>): Promise<T | undefined>;
}

const REMEMBERED = 10_000;

/** Each key is named once, however often it is met. */
export function openDamage(onDamage: OnDamage | undefined): Damage {
  const said = new BoundedMap<string, true>(REMEMBERED);

  function say(key: string, what: string): void {
    if (said.has(key)) return;
    said.set(key, true);
    onDamage?.(key, what);
  }

  async function passOver<T>(key: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!isMalformed(error)) throw error;
      say(key, error.message);
      return undefined;
    }
  }

  return { say, passOver };
}
