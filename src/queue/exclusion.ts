import type { Job } from './queue.ts';

/** Jobs of one key never run side by side in one process: they would look at the same place and do the same work. */
export function exclusionKey(job: Job): string {
  switch (job.name) {
    case 'plan':
      return 'plan';
    case 'collect':
      return `collect:${job.source}`;
    case 'deliver':
      return `deliver:${job.sink}:${job.source}`;
  }
}
