import { get } from 'node:http';

/** For images without a shell: `node health-check.js [URL…]` exits 0 when the daemon answers 200 to each, else 1. */
const DEADLINE_MS = 4_000;
const given = process.argv.slice(2);
const urls = given.length > 0 ? given : ['http://127.0.0.1:9464/livez', 'http://127.0.0.1:9464/readyz'];

const troubles = (await Promise.all(urls.map(troubleOf))).filter((trouble) => trouble !== undefined);
for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
process.exit(troubles.length === 0 ? 0 : 1);

function troubleOf(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: DEADLINE_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `${url} answered ${response.statusCode}`);
    });
    request.on('timeout', () => resolve(`${url} did not answer in ${DEADLINE_MS} ms`));
    request.on('error', (error) => resolve(`${url}: ${error.message}`));
  });
}
