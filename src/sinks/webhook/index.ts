import type { SinkPlugin } from '../sink.ts';
import { WebhookSettings } from './settings.ts';
import { webhookSink } from './webhook-sink.ts';

export const webhook: SinkPlugin = {
  type: 'webhook',
  settings: WebhookSettings,
  // Path and query may hold a token: the origin is all that is ever shown.
  target: (settings) => new URL((settings as WebhookSettings).url).origin, // settings come out of WebhookSettings
  open: async (settings, tools) => webhookSink(settings as WebhookSettings, tools), // as above
};
