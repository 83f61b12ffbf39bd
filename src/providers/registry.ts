import { aws } from './aws/index.ts';
import type { Provider } from './provider.ts';

/** One line for each cloud. */
export const providers: readonly Provider[] = [aws];
