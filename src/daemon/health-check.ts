import { get } from 'node:http';

/** For images without a shell: `node health-check.js [URL]` exits 0 when the daemon answers 200, else 1. */
const DEADLINE_MS = 4_000;
const url = process.argv[2] ?? 'http://127.0.0.1:9464/livez';

const request = get(url, { timeout: DEADLINE_MS, agent: false }, (response) => {
  response.resume();
  finish(response.statusCode === 200 ? undefined : `${url} answered ${response.statusCode}`);
});
request.on('timeout', () => finish(`${url} did not answer in ${DEADLINE_MS} ms`));
request.on('error', (error) => finish(`${url}: ${error.message}`));

function finish(trouble: string | undefined): void {
  if (trouble !== undefined) process.stderr.write(`${trouble}\n`);
  process.exit(trouble === undefined ? 0 : 1);
}
