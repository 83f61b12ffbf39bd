import type { SinkPlugin } from '../sink.ts';
import { fileSink } from './file-sink.ts';
import { FileSettings } from './settings.ts';

export const file: SinkPlugin = {
  type: 'file',
  settings: FileSettings,
  target: (settings) => (settings as FileSettings).path, // settings come out of FileSettings
  open: async (settings, tools) => fileSink(settings as FileSettings, tools), // as above
};
