import { Fault } from '../domain/fault.ts';
import type { Remembered } from './remembered.ts';

/** The way in that all members of an organisation share, opened once for each `key`: what fails in it is nobody's own trouble. */
export function sharedWay<K extends object, T>(
  open: WeakMap<K, Remembered<T>>,
  key: K,
  make: () => Remembered<T>,
): Remembered<T> {
  const known = open.get(key) ?? sharing(make());
  open.set(key, known);
  return known;
}

function sharing<T>(own: Remembered<T>): Remembered<T> {
  return {
    get: () =>
      own.get().catch((error: unknown) => {
        throw error instanceof Fault ? asShared(error) : error;
      }),
    forget: (isMeant) => own.forget(isMeant),
  };
}

/** The same fault, of the hub. */
export function asShared(fault: Fault): Fault {
  const { kind, message, cause, retryAfterMs, isShared } = fault;
  if (isShared) return fault;
  return new Fault(kind, message, { cause, isShared: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
