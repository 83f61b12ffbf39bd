import { z } from 'zod';
import type { Organization } from '../../domain/organization.ts';
import { AssumeRole, AuthSettings, isBase } from './auth.ts';
import { type Endpoints, everywhere, SERVICES, Url } from './endpoints.ts';
import { COMMON, commonOf, type Settings } from './settings.ts';

const { external_id, session_name, duration } = AssumeRole.shape;

interface HubEndpoints extends Endpoints {
  readonly resourcemanager: string;
}

const Endpoint: z.ZodType<Partial<HubEndpoints>> = z
  .union([Url, z.strictObject({ ...SERVICES, resourcemanager: Url.optional() })], {
    error: 'must be one http or https URL, or { ims: URL, ram: URL, sts: URL, actiontrail: URL, resourcemanager: URL }',
  })
  .transform((endpoint): Partial<HubEndpoints> => {
    if (typeof endpoint === 'string') return { ...everywhere(endpoint), resourcemanager: endpoint };
    return Object.fromEntries(Object.entries(endpoint).filter(([, url]) => url !== undefined));
  });

/** An Alibaba Cloud organisation's own keys in YAML: a resource directory. */
export const OrganizationSettings = z
  .strictObject({
    auth: AuthSettings.refine(isBase, 'the role of the hub must be named by its ARN')
      .prefault({ chain: {} })
      .describe('the hub: who lists the members and assumes the role in each; default: chain'),
    role: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be the name of a role that each account has, such as muster-audit')
      .describe('assumed in each account'),
    external_id,
    session_name,
    duration,
    endpoint: Endpoint.optional().describe('something other than the public endpoints'),
    ...COMMON.shape,
  })
  .transform(({ auth, role, external_id: externalId, session_name: sessionName, duration: durationMs, ...rest }) => {
    const { endpoint, ...common } = rest;
    return { auth, role, externalId, sessionName, durationMs, endpoint, ...commonOf(common) };
  });

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
  const { resourcemanager: _, ...ofMember } = endpoint ?? {};
  return {
    ...common,
    auth: { kind: 'assume_role', role, externalId, sessionName, durationMs, base },
    endpoint: endpoint && ofMember,
    hub: organization.name,
  };
}
