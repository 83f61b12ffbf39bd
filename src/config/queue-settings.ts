import { z } from 'zod';
import { secret, text } from '../kit/schema.ts';
import type { QueueConfig } from './config.ts';
import { hostPort, redisUrl } from './fields.ts';

/** `redis://…`, or a Sentinel group, or a Cluster. Left out: the embedded queue. */
export const QueueSettings = z.union([
  redisUrl(),
  z.strictObject({ sentinels: z.array(hostPort()).min(1), name: text(), password: secret().optional() }),
  z.strictObject({
    cluster: z.array(hostPort()).min(1),
    password: secret().optional(),
    tls: z.boolean().default(false),
  }),
]);
export type QueueSettings = z.infer<typeof QueueSettings>;

export function queueConfig(settings: QueueSettings | undefined): QueueConfig {
  if (settings === undefined) return { type: 'embedded' };
  if ('sentinels' in settings) {
    return { type: 'redis', connection: { kind: 'sentinels', ...settings, password: settings.password } };
  }
  if ('cluster' in settings) {
    const { cluster: nodes, password, tls } = settings;
    return { type: 'redis', connection: { kind: 'cluster', nodes, password, tls } };
  }
  return { type: 'redis', connection: { kind: 'single', url: settings } };
}
