/** Lets everything else of the process have a turn: health checks, timers and other jobs wait while a large report is worked on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
