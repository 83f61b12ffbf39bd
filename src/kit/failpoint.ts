import { appendFileSync } from 'node:fs';

const armed = process.env['NODE_ENV'] === 'test' ? (process.env['MUSTER_FAILPOINTS'] ?? '') : '';
const trace = process.env['NODE_ENV'] === 'test' ? process.env['MUSTER_FAILPOINT_TRACE'] : undefined;
const hits = new Map<string, number>();

/** A place where the crash tests may kill the process: `MUSTER_FAILPOINTS=archive.manifest.linked@2=kill`. Inert outside NODE_ENV=test. */
export function failpoint(name: string): void {
  if (armed === '' && trace === undefined) return;
  const hit = (hits.get(name) ?? 0) + 1;
  hits.set(name, hit);
  if (trace !== undefined) appendFileSync(trace, `${name}@${hit}\n`);
  for (const rule of armed.split(',')) {
    if (rule === `${name}@${hit}=kill`) process.kill(process.pid, 'SIGKILL');
    if (rule === `${name}@${hit}=term`) process.kill(process.pid, 'SIGTERM');
    if (rule === `${name}@${hit}=throw`) throw new Error(`failpoint ${name}`);
  }
}
