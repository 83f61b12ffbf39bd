/** The small port under the archive: a folder, or a bucket. Keys are `/`-separated, safe segments only; nothing is ever replaced. */
export interface Store {
  /** For messages: the folder or the bucket URL, never a secret. */
  readonly name: string;
  /** Durable when it resolves. `exists` when the key was there already, whatever it holds. */
  create(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys below the prefix (which ends with `/`), in byte order, strictly after `after`. */
  list(prefix: string, after?: string): AsyncIterable<string>;
  close(): void;
}
