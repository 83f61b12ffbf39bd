import { z } from 'zod';

/** Nothing to set: events go to the standard output of the process. */
export const StdoutSettings = z.strictObject({});
