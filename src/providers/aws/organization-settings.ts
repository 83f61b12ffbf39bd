import { z } from 'zod';
import type { Organization } from '../../domain/organization.ts';
import { AssumeRole, AuthSettings, COMMON, isBase, type Settings, Url } from './settings.ts';

const HOUR_MS = 60 * 60_000;
const { external_id, session_name, duration } = AssumeRole.shape;

interface Endpoints {
  readonly iam: string;
  readonly sts: string;
  readonly organizations: string;
}

const Endpoint: z.ZodType<Endpoints> = z
  .union([Url, z.strictObject({ iam: Url, sts: Url, organizations: Url })], {
    error: 'must be one http or https URL, or { iam: URL, sts: URL, organizations: URL }',
  })
  .transform((endpoint) =>
    typeof endpoint === 'string' ? { iam: endpoint, sts: endpoint, organizations: endpoint } : endpoint,
  );

/** An AWS organisation's own keys in YAML. */
export const OrganizationSettings = z
  .strictObject({
    auth: AuthSettings.refine(isBase, 'the role of the hub must be named by its ARN')
      .prefault({ chain: {} })
      .describe('the hub: who lists the members and assumes the role in each; default: chain'),
    role: z
      .string()
      .regex(/^[\w+=,.@/-]{1,512}$/, 'must be the name of a role that each account has, such as muster-audit')
      .describe('assumed in each account'),
    external_id,
    session_name,
    duration,
    endpoint: Endpoint.optional().describe('something other than the real AWS'),
    ...COMMON,
  })
  .transform((settings) => ({
    auth: settings.auth,
    role: settings.role,
    externalId: settings.external_id,
    sessionName: settings.session_name,
    durationMs: settings.duration ?? HOUR_MS,
    endpoint: settings.endpoint,
    region: settings.region,
    keyIds: settings.key_ids,
    userTags: settings.user_tags,
    maxRps: settings.max_rps,
    timeoutMs: settings.timeout,
  }));

export type OrganizationSettings = z.infer<typeof OrganizationSettings>;

/** The contract hands settings over as unknown; they are what our own schema made. */
export function organizationSettings({ settings }: Pick<Organization, 'settings'>): OrganizationSettings {
  return settings as OrganizationSettings;
}

/** A member's settings: the role in it, reached through the one hub. `base` is the same object for all members. */
export function memberSettings(organization: Pick<Organization, 'settings' | 'name'>): Settings {
  const {
    auth: base,
    role,
    externalId,
    sessionName,
    durationMs,
    endpoint,
    ...common
  } = organizationSettings(organization);
  return {
    ...common,
    auth: { kind: 'assume_role', role, externalId, sessionName, durationMs, base },
    endpoint: endpoint && { iam: endpoint.iam, sts: endpoint.sts },
    hub: organization.name,
  };
}
