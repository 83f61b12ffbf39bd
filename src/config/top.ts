import { validateDetailed } from 'node-cron';
import { z } from 'zod';
import { text } from '../kit/schema.ts';
import { ArchiveSettings } from './archive-settings.ts';
import { hostPort } from './fields.ts';
import { changes, checks, exceptions } from './judging.ts';
import { QueueSettings } from './queue-settings.ts';
import type { Registries } from './registries.ts';

/** The top of the YAML. Accounts, organisations and sinks are looked at one by one: their keys depend on their provider and type. */
export function top(registries: Registries) {
  return z.strictObject({
    deployment: text()
      .refine((name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name), 'must be lower-case letters, digits and hyphens')
      .default('default')
      .describe('names this installation in health events and in Redis; default: default'),
    archive: ArchiveSettings.describe('a folder, s3://bucket/prefix, or a bucket with what it takes to reach it'),
    queue: QueueSettings.optional().describe('without it: in this process and in memory'),
    tick: tick()
      .default('*/10 * * * *')
      .describe('when to look for what is due: five-field cron, UTC; default: */10 * * * *'),
    http: z
      .union([z.literal(false), z.strictObject({ listen: hostPort() })])
      .prefault({ listen: '127.0.0.1:9464' })
      .describe('where /livez, /readyz and /metrics are served; false: nowhere'),
    checks: checks(registries).prefault({}).describe('by check id: enabled, severity and the thresholds of the check'),
    exceptions: exceptions(registries)
      .default([])
      .describe('what somebody accepts for a while: by whom, why, and until when'),
    changes: changes(registries).prefault({}).describe('how changes are told'),
    defaults: defaults(registries).optional(),
    accounts: z.array(z.unknown()).default([]),
    organizations: z.array(z.unknown()).default([]),
    account_files: text()
      .refine(isFilePattern, 'must be a path with * in its last part only, such as conf.d/*.yaml')
      .optional()
      .describe('more accounts, one file a team: a path whose last part may hold *, beside this file'),
    sinks: z.array(z.unknown()).default([]),
  });
}

function isFilePattern(value: string): boolean {
  const at = value.lastIndexOf('/');
  return value.length > at + 1 && !value.slice(0, at + 1).includes('*');
}

function tick(): z.ZodType<string> {
  return text().superRefine((value, context) => {
    for (const message of cronMistakes(value)) context.addIssue({ code: 'custom', message });
  });
}

function cronMistakes(value: string): readonly string[] {
  const fields = value.trim().split(/\s+/).length;
  if (fields !== 5) {
    return [`has ${fields} fields, wanted are 5: minute, hour, day of month, month, day of week (UTC)`];
  }
  const { errors } = validateDetailed(value);
  return errors.length === 0 ? [] : [`not a cron expression: ${errors.map((error) => error.message).join('; ')}`];
}

function defaults(registries: Registries) {
  const perProvider = registries.providers.map(
    ({ name }) => [name, z.record(z.string(), z.unknown()).optional()] as const,
  );
  return z.strictObject(Object.fromEntries(perProvider));
}
