// Loaded into a Muster process by the crash matrix: writes down, in order, what is done to files, as JSON lines in the
// file that MUSTER_FILE_TRACE names. A call is written down when it has succeeded.
import { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const log = process.env.MUSTER_FILE_TRACE;
const paths = new WeakMap();
const say = (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`);

const open = fs.open;
const probe = await open('/dev/null');
const handles = Object.getPrototypeOf(probe);
await probe.close();

fs.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  paths.set(handle, String(path));
  return handle;
};
for (const [name, means] of Object.entries({ write: 'write', writeFile: 'write', sync: 'sync', datasync: 'sync' })) {
  const real = handles[name];
  handles[name] = async function (...args) {
    const result = await real.apply(this, args);
    say({ do: means, path: paths.get(this) ?? '' });
    return result;
  };
}
for (const name of ['link', 'rename']) {
  const real = fs[name];
  fs[name] = async (from, to, ...rest) => {
    await real(from, to, ...rest);
    say({ do: name, path: String(from), to: String(to) });
  };
}
for (const name of ['writeFile', 'appendFile']) {
  const real = fs[name];
  fs[name] = async (path, ...rest) => {
    await real(path, ...rest);
    say({ do: 'write', path: String(path) });
  };
}
syncBuiltinESMExports();
