import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJob } from './job-schema.ts';
import { type JobName, jobId } from './queue.ts';

const COLLECT = {
  name: 'collect',
  source: 'aws/123456789012/credential-report',
  due: '2026-11-20T09:00:00Z',
  attempt: 0,
};
const DELIVER = { name: 'deliver', sink: 'siem', source: 'muster/prod/health', upTo: 42, attempt: 3 };

test.each([
  ['plan', { name: 'plan', tick: '2026-11-20T09:00:00Z' }],
  ['collect', COLLECT],
  ['collect', { ...COLLECT, state: { polls: 3 } }],
  ['deliver', DELIVER],
] as [JobName, unknown][])('a %s job comes back as it was added', (name, data) => {
  expect(parseJob(name, JSON.parse(JSON.stringify(data)))).toEqual(data);
});

test.each([
  ['another name', 'deliver', COLLECT],
  ['a path that leaves its place', 'collect', { ...COLLECT, source: 'aws/../../etc' }],
  ['a sink that is a path', 'deliver', { ...DELIVER, sink: '../x' }],
  ['a key that is not ours', 'collect', { ...COLLECT, endpoint: 'http://169.254.169.254' }],
  ['a line break in the due instant', 'collect', { ...COLLECT, due: 'now\n' }],
  ['a negative number', 'deliver', { ...DELIVER, upTo: -1 }],
  ['a number that is none', 'deliver', { ...DELIVER, upTo: 1.5 }],
  ['an attempt as text', 'collect', { ...COLLECT, attempt: '0' }],
  ['a state that is no longer small', 'collect', { ...COLLECT, state: 'x'.repeat(70_000) }],
  ['nothing', 'plan', undefined],
] as [string, JobName, unknown][])('%s is not a job', (_what, name, data) => {
  expect(parseJob(name, data)).toBeUndefined();
});

test('whatever comes out of redis, parsing answers, and what it lets through has an id without a colon', () => {
  const field = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(COLLECT), ...Object.values(DELIVER)));
  const like = fc.record(
    { name: field, source: field, sink: field, due: field, upTo: field, attempt: field },
    { requiredKeys: [] },
  );

  fc.assert(
    fc.property(
      fc.constantFrom('plan', 'collect', 'deliver' as JobName),
      fc.oneof(like, fc.anything()),
      (name, data) => {
        const job = parseJob(name, data);
        return job === undefined || (job.name === name && !jobId(job).includes(':'));
      },
    ),
  );
});
