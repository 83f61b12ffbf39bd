import { alibaba } from './alibaba/index.ts';
import { aws } from './aws/index.ts';
import type { Provider } from './provider.ts';
import { tencent } from './tencent/index.ts';

/** One line for each cloud. */
export const providers: readonly Provider[] = [aws, alibaba, tencent];
