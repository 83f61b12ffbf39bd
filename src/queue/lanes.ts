import type { Job, JobName } from './queue.ts';

const NAMES: readonly JobName[] = ['plan', 'collect', 'deliver'];

/**
 * Where a job waits in a queue that processes share: `plan`, `plan-<scope>`, `collect-<provider>` or `deliver`. A worker takes from its own
 * lanes only, so what nobody here may do waits for somebody who may. The name of the job comes first.
 */
export function laneOf(job: Job): string {
  switch (job.name) {
    case 'plan':
      return job.scope === undefined ? 'plan' : `plan-${job.scope}`;
    case 'collect':
      return `collect-${job.source.slice(0, job.source.indexOf('/'))}`;
    case 'deliver':
      return 'deliver';
  }
}

export function nameOfLane(lane: string): JobName {
  const name = NAMES.find((one) => lane === one || lane.startsWith(`${one}-`));
  if (name === undefined) throw new RangeError(`no lane of any job: ${lane}`);
  return name;
}
