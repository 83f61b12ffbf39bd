import type { Handler } from '../queue/queue.ts';
import { collect } from './collect.ts';
import { deliver } from './deliver.ts';
import { plan } from './plan.ts';
import type { Stage } from './stage.ts';

/** The three jobs. */
export function handlerOf(stage: Stage): Handler {
  return async (job, signal) => {
    switch (job.name) {
      case 'plan':
        await plan(stage, signal);
        return { do: 'done' };
      case 'collect':
        return collect(job, stage, signal);
      case 'deliver':
        return deliver(job, stage, signal);
    }
  };
}
