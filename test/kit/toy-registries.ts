import { z } from 'zod';
import type { Registries } from '../../src/config/registries.ts';
import { duration, secret, text } from '../../src/kit/schema.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { SinkPlugin } from '../../src/sinks/sink.ts';

const HOUR_MS = 3_600_000;

/** Plugins without an inside: enough to read a config by. */
export function toyRegistries(): Registries {
  return {
    providers: [toyCloud(), otherCloud()],
    sinkPlugins: [toySink('file', FileSettings), toySink('stdout', z.strictObject({})), toySink('hook', HookSettings)],
    checks: [
      { id: 'user.key.too_old', defaults: { enabled: true, severity: 'medium', thresholds: { max_age_days: 90 } } },
      { id: 'root.key.exists', defaults: { enabled: true, severity: 'critical', thresholds: {} } },
    ],
    changeTypes: ['user.created', 'access_key.created'],
    formats: ['plain', 'ocsf'].map((name) => ({ name, encode: () => '' })),
  };
}

const FileSettings = z.strictObject({ path: text(), rotate_daily: z.boolean().default(true) });

const HookSettings = z.strictObject({
  url: text().refine((url) => url.startsWith('https://'), 'must begin with https://'),
  secret: secret(),
  timeout: duration().default(15_000),
});

const CloudSettings = z.strictObject({
  auth: z
    .union([
      z.strictObject({ assume_role: z.strictObject({ role: text(), external_id: text().optional() }) }),
      z.strictObject({ access_key: z.strictObject({ access_key_id: text(), secret_access_key: secret() }) }),
      z.strictObject({ chain: z.strictObject({}) }),
    ])
    .prefault({ chain: {} }),
  endpoint: z.union([text(), z.strictObject({ iam: text(), sts: text() })]).optional(),
  max_rps: z.number().min(0.1).default(10),
  key_ids: z.boolean().default(true),
});

const HubSettings = z.strictObject({ role: text(), endpoint: text().optional() });

function toyCloud(): Provider {
  return {
    name: 'aws',
    accountId: { pattern: /^\d{12}$/, hint: '12 digits' },
    settings: CloudSettings,
    isRealCloud: (settings) => (settings as z.infer<typeof CloudSettings>).endpoint === undefined,
    kinds: { 'credential-report': kind(4 * HOUR_MS), 'access-audit': kind(24 * HOUR_MS) },
    connect: noConnection,
    organization: {
      settings: HubSettings,
      member: ({ settings }) => settings,
      connect: noConnection,
    },
  };
}

/** Its auth is one mapping in which the keys are alternatives, and refers to itself. */
const OtherAuth = z
  .strictObject({
    role: z
      .strictObject({
        name: text(),
        get base() {
          return OtherAuth.optional();
        },
      })
      .optional(),
    profile: text().optional(),
  })
  .meta({ maxProperties: 1 });

function otherCloud(): Provider {
  return {
    name: 'alibaba',
    accountId: { pattern: /^\d{16}$/, hint: '16 digits' },
    settings: z.strictObject({ auth: OtherAuth }),
    isRealCloud: () => true,
    kinds: { 'access-audit': kind(24 * HOUR_MS) },
    connect: noConnection,
  };
}

function kind(cadenceMs: number): Provider['kinds'][string] {
  return {
    cadenceMs,
    permissions: { required: [], optional: [] },
    parse: () => {
      throw new Error('a toy parses nothing');
    },
  };
}

function noConnection(): Promise<never> {
  return Promise.reject(new Error('a toy connects to nothing'));
}

function toySink(type: string, settings: z.ZodType): SinkPlugin {
  return { type, settings, target: () => type, open: () => Promise.reject(new Error('a toy opens nothing')) };
}
