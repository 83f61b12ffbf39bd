import { sampleEventsOfAllChecks } from './sample-events.ts';

/** Run as a process of its own: the ids of the sample events, one a line. */
process.stdout.write(
  sampleEventsOfAllChecks()
    .map(({ id, type }) => `${id} ${type}\n`)
    .join(''),
);
