import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bench } from './bench.ts';

/** No planted secret in what Muster left anywhere, packed or not. */
export async function secretProblems(bench: Bench): Promise<readonly string[]> {
  const places = new Map<string, string>();
  for (const [index, { stdout, stderr }] of bench.outputs.entries()) places.set(`output ${index + 1}`, stdout + stderr);
  for (const [index, body] of bench.receiver.bodies().entries()) places.set(`webhook body ${index + 1}`, body);
  for (const folder of [join(bench.home.folder, 'data'), ...bench.searched]) {
    for (const file of await filesBelow(folder)) places.set(relative(bench.home.folder, file), await textOf(file));
  }
  const found: string[] = [];
  for (const [place, text] of places) {
    for (const [index, canary] of bench.canaries.entries()) {
      if (text.includes(canary)) found.push(`${place} holds secret ${index + 1}`);
    }
  }
  return found;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
}
