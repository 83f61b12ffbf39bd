import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * As `mkdir -p`; resolves to the first folder that it made. Node's own `recursive` never comes back where a folder that is there answers ENOENT
 * to a new one in it, as those of /proc do: it takes that for a missing parent, for ever.
 */
export async function makeFolder(folder: string, mode?: number): Promise<string | undefined> {
  const parent = dirname(folder);
  try {
    return await makeOne(folder, mode);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ENOENT' || parent === folder) throw error;
  }
  const first = (await isFolder(parent)) ? undefined : await makeFolder(parent, mode);
  const own = await makeOne(folder, mode); // somebody else may have made the parent meanwhile
  return first ?? own;
}

async function makeOne(folder: string, mode: number | undefined): Promise<string | undefined> {
  try {
    await mkdir(folder, { mode });
    return folder;
  } catch (error) {
    if (await isFolder(folder)) return undefined;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
