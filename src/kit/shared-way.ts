import { Fault } from '../domain/fault.ts';

/** What is looked up and remembered; `forget` says which is done for. */
interface WayIn<T, F> {
  get(): Promise<T>;
  forget(which: F): void;
}

/** The way in that all members of an organisation share, opened once for each `key`: what fails in it is nobody's own trouble. */
export function sharedWay<K extends object, T, F>(
  open: WeakMap<K, WayIn<T, F>>,
  key: K,
  make: () => WayIn<T, F>,
): WayIn<T, F> {
  const known = open.get(key) ?? sharing(make());
  open.set(key, known);
  return known;
}

function sharing<T, F>(own: WayIn<T, F>): WayIn<T, F> {
  return {
    get: () =>
      own.get().catch((error: unknown) => {
        throw error instanceof Fault ? asShared(error) : error;
      }),
    forget: (which) => own.forget(which),
  };
}

/** The same fault, of the hub. */
export function asShared(fault: Fault): Fault {
  const { kind, message, cause, retryAfterMs, isShared } = fault;
  if (isShared) return fault;
  return new Fault(kind, message, { cause, isShared: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
