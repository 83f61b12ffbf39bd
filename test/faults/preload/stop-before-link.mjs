// Loaded into a Muster process by the crash matrix: it stops itself (SIGSTOP) once, just before the object whose key
// holds MUSTER_STOP_BEFORE gets its name. The driver lets another process overtake it, then continues it.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const wanted = process.env.MUSTER_STOP_BEFORE;
let stopped = false;

for (const name of ['link', 'rename']) {
  const real = fs[name];
  fs[name] = (from, to, ...rest) => {
    if (!stopped && String(to).includes(wanted)) {
      stopped = true;
      process.kill(process.pid, 'SIGSTOP');
    }
    return real(from, to, ...rest);
  };
}
syncBuiltinESMExports();
