import { z } from 'zod';
import type { Organization } from '../../domain/organization.ts';
import { wireSettings } from '../../kit/wire-settings.ts';
import { AuthSettings, areTagged, isBase, ROLE_SESSION, sessionOf, TRANSITIVE } from './auth.ts';
import { COMMON, type Settings, Url } from './settings.ts';

interface Endpoints {
  readonly iam: string;
  readonly sts: string;
  readonly organizations: string;
  /** The portal of IAM Identity Center; AWS's own where it is left out. */
  readonly sso: string | undefined;
  /** Of every region; AWS's own where it is left out. */
  readonly cloudtrail: string | undefined;
}

const Endpoint: z.ZodType<Endpoints> = z
  .union(
    [Url, z.strictObject({ iam: Url, sts: Url, organizations: Url, sso: Url.optional(), cloudtrail: Url.optional() })],
    {
      error: 'must be one http or https URL, or { iam: URL, sts: URL, organizations: URL }',
    },
  )
  .transform((endpoint) =>
    typeof endpoint === 'string'
      ? { iam: endpoint, sts: endpoint, organizations: endpoint, sso: endpoint, cloudtrail: endpoint }
      : { ...endpoint, sso: endpoint.sso, cloudtrail: endpoint.cloudtrail },
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
    ...ROLE_SESSION,
    root_access: z
      .boolean()
      .default(false)
      .describe('ask whether the root users of all members are managed centrally; default: false'),
    endpoint: Endpoint.optional().describe('something other than the real AWS'),
    ...COMMON,
  })
  .refine(areTagged, TRANSITIVE)
  .transform((settings) => ({
    auth: settings.auth,
    role: settings.role,
    session: sessionOf(settings),
    endpoint: settings.endpoint,
    region: settings.region,
    keyIds: settings.key_ids,
    userTags: settings.user_tags,
    rootMfa: settings.root_mfa,
    rootAccess: settings.root_access,
    maxRps: settings.max_rps,
    timeoutMs: settings.timeout,
    wire: wireSettings(settings),
  }));

export type OrganizationSettings = z.infer<typeof OrganizationSettings>;

/** The contract hands settings over as unknown; they are what our own schema made. */
export function organizationSettings({ settings }: Pick<Organization, 'settings'>): OrganizationSettings {
  return settings as OrganizationSettings;
}

/** A member's settings: the role in it, reached through the one hub. `base` is the same object for all members. */
export function memberSettings(organization: Pick<Organization, 'settings' | 'name'>): Settings {
  const { auth: base, role, session, endpoint, rootAccess: _, ...common } = organizationSettings(organization);
  return {
    ...common,
    auth: { kind: 'assume_role', role, ...session, base },
    endpoint: endpoint && ofMembers(endpoint),
    hub: organization.name,
  };
}

function ofMembers({ iam, sts, sso, cloudtrail }: Endpoints): Settings['endpoint'] {
  return { iam, sts, sso, cloudtrail };
}
