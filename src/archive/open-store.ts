import type { S3StoreOptions } from './s3-store.ts';
import type { Store } from './store.ts';

/** What `archive:` in the config says, as config/ resolves it. */
export type StoreConfig =
  | { readonly type: 'folder'; readonly path: string }
  | ({ readonly type: 's3' } & Omit<S3StoreOptions, 'deadlineMs'>);

/** Loads only the engine that is asked for. */
export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.type === 'folder') return (await import('./file-store.ts')).openFileStore(config.path);
  return (await import('./s3-store.ts')).openS3Store(config);
}
