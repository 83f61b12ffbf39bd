import type { Stage } from '../../pipeline/stage.ts';
import { dropFolders } from './drop-folders.ts';

/** Looks, because a network file system tells nobody what another machine wrote. */
const LOOKS_EVERY_MS = 5_000;

export interface DropWatch {
  stop(): Promise<void>;
}

/** Imports what people put into the drop folders, while the daemon runs. */
export function watchDropFolders(stage: Stage): DropWatch {
  const stopping = new AbortController();
  const folders = dropFolders(stage);
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await folders.look().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : 'unknown';
        stage.observe({ kind: 'fault', job: 'import', subject: 'drop folders', fault: 'bug', message });
      });
      const next = stage.clock.now() + LOOKS_EVERY_MS;
      await stage.clock.sleepUntil(next, stopping.signal).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
