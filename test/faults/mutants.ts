import type { Patch } from './program.ts';

/** A mistake that somebody could make one day, planted in the built files, and the cases that must turn red. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** By name; one that fails is enough. */
  readonly cases: readonly string[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the receipt is written before the answer',
    patches: [
      {
        file: 'pipeline/deliver.js',
        find: /await (sendAll\(.*\));/g,
        replace: `const sending = $1;
    sending.catch(() => undefined);`,
      },
      { file: 'pipeline/deliver.js', find: `failpoint('deliver.received');`, replace: 'await sending;' },
    ],
    cases: ['webhook answers 503'],
  },
  {
    name: 'rename for link, and start-up does not look',
    patches: [
      { file: 'archive/file-store.js', find: 'import { link, ', replace: 'import { rename, ' },
      {
        file: 'archive/file-store.js',
        find: 'await link(temporary, path);',
        replace: 'await rename(temporary, path);',
      },
      { file: 'archive/probe.js', find: `if (second === 'created' || `, replace: 'if (' },
      { file: 'archive/probe.js', find: '!same(after, before)', replace: 'false' },
    ],
    cases: ['two processes race for a number'],
  },
  {
    name: 'a 302 counts as delivered',
    patches: [
      { file: 'sinks/webhook/verdict.js', find: 'if (status >= 200 && status < 300)', replace: 'if (status < 400)' },
    ],
    cases: ['webhook answers 302'],
  },
  {
    name: 'no fsync of an object',
    patches: [
      {
        file: 'archive/file-store.js',
        find: `failpoint('store.tmp_written');\n        await handle.sync();`,
        replace: `failpoint('store.tmp_written');`,
      },
    ],
    cases: ['bytes reach the disk before names do'],
  },
  {
    name: 'no fsync of its folder',
    patches: [{ file: 'archive/file-store.js', find: 'await syncFolder(folder);', replace: '' }],
    cases: ['bytes reach the disk before names do'],
  },
  {
    name: 'no fsync of the lines',
    patches: [{ file: 'sinks/file/live-file.js', find: 'await live.handle.datasync();', replace: '' }],
    cases: ['bytes reach the disk before names do'],
  },
  {
    name: 'a job that ended swallows the same job',
    patches: [
      {
        file: 'queue/redis.js',
        find: 'removeOnComplete: true, removeOnFail: true',
        replace: 'removeOnComplete: false, removeOnFail: false',
      },
    ],
    cases: ['redis: a deliver job dies of a bug'],
  },
  {
    name: 'a number is used again',
    patches: [
      {
        file: 'archive/chain.js',
        find: `=== 'exists' && !(await holds(store, key, bytes))`,
        replace: `=== 'never'`,
      },
    ],
    cases: ['two processes race for a number'],
  },
  {
    name: 'the manifest before its parts',
    patches: [
      { file: 'archive/part-file.js', find: /^async function partRef\(/gm, replace: 'export async function partRef(' },
      { file: 'archive/chain.js', find: 'import { readPart, ', replace: 'import { partRef, readPart, ' },
      {
        file: 'archive/chain.js',
        find: 'await writeParts(store, folder, draft.parts), base)',
        replace: 'await Promise.all(draft.parts.map(partRef)), base)',
      },
      {
        file: 'archive/chain.js',
        find: `failpoint('archive.manifest_written');`,
        replace: `await writeParts(store, folder, draft.parts);\n        failpoint('archive.manifest_written');`,
      },
    ],
    cases: ['kill, first report: archive.part_written@1'],
  },
  {
    name: 'a torn line is built upon',
    patches: [{ file: 'sinks/file/file-sink.js', find: 'await mendTail(path, live)', replace: '0' }],
    cases: ['the last line is torn by a power cut'],
  },
  {
    name: 'the cursor jumps to the head after a failure',
    patches: [
      { file: 'pipeline/deliver.js', find: ': cursor + 1;', replace: ': head.number;' },
      { file: 'archive/receipts.js', find: 'if (known > 0 && receipt.number > known + 1)', replace: 'if (false)' },
    ],
    cases: ['webhook is down for two reports'],
  },
  {
    name: 'a refused event is dropped without a word',
    patches: [{ file: 'pipeline/send.js', find: 'await stage.archive.deadLetter(', replace: 'void (' }],
    cases: ['webhook refuses one event for good'],
  },
  {
    name: 'a second report is started within the window',
    patches: [
      {
        file: 'pipeline/collect.js',
        find: /if \(due !== undefined && .*\) \{/g,
        replace: 'if (false) {',
      },
    ],
    cases: ['nothing is asked before it is due'],
  },
  {
    name: 'the guard is not asked',
    patches: [{ file: 'pipeline/keep.js', find: 'return guard(', replace: 'return undefined; guard(' }],
    cases: ['the cloud serves a report with most rows gone'],
  },
  {
    name: 'a secret is printed',
    patches: [
      {
        file: 'sinks/webhook/webhook-sink.js',
        find: 'const answer = await connection.post(headers, bytes, signal);',
        replace: `process.stderr.write(secrets[0].reveal());
        const answer = await connection.post(headers, bytes, signal);`,
      },
    ],
    cases: ['webhook answers 503'],
  },
  {
    name: 'a secret is archived',
    patches: [
      {
        file: 'pipeline/context.js',
        find: 'labels: account.labels,',
        replace: 'labels: { ...account.labels, auth: JSON.stringify(account.settings) },',
      },
    ],
    cases: ['webhook answers 503'],
  },
  {
    name: 'ids depend on where the process lives',
    patches: [
      {
        file: 'derive/event-id.js',
        find: 'facts.type,',
        replace: 'facts.type, new Date(0).getTimezoneOffset(),',
      },
    ],
    cases: ['ids are the same in every time zone'],
  },
  {
    name: 'the plan does not look at cursors',
    patches: [
      { file: 'pipeline/plan.js', find: 'await planDelivery(epoch, source, head, look, stage);', replace: ';' },
    ],
    cases: ['redis: redis is flushed while the only report is delivered'],
  },
  {
    name: 'a full disk is not noticed',
    patches: [
      {
        file: 'archive/file-store.js',
        find: 'await handle.writeFile(bytes);',
        replace: 'await handle.writeFile(bytes).catch(() => undefined);',
      },
    ],
    cases: ['disk full, 28 KiB left', 'disk full, 52 KiB left'],
  },
];
