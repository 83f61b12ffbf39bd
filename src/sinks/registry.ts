import { file } from './file/index.ts';
import type { SinkPlugin } from './sink.ts';
import { stdout } from './stdout/index.ts';
import { webhook } from './webhook/index.ts';

/** Every kind of destination, one line each. */
export const sinkPlugins: readonly SinkPlugin[] = [
  file, //
  stdout,
  webhook,
];
