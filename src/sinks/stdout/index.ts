import type { SinkPlugin } from '../sink.ts';
import { StdoutSettings } from './settings.ts';
import { streamSink } from './stream-sink.ts';

export const stdout: SinkPlugin = {
  type: 'stdout',
  settings: StdoutSettings,
  target: () => 'standard output',
  open: async () => streamSink(process.stdout),
};
