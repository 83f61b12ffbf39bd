import { z } from 'zod';
import type { Organization } from '../../domain/organization.ts';
import { AssumeRole, AuthSettings, isBase } from './auth.ts';
import { COMMON, commonOf, type Settings, Url } from './settings.ts';

const { external_id, session_name } = AssumeRole.shape;

const Endpoint = z
  .union([Url, z.strictObject({ cam: Url, sts: Url, organization: Url, cloudaudit: Url.optional() })], {
    error: 'must be one http or https URL, or { cam: URL, sts: URL, organization: URL }',
  })
  .transform((endpoint) =>
    typeof endpoint === 'string'
      ? { cam: endpoint, sts: endpoint, organization: endpoint, cloudaudit: endpoint }
      : endpoint,
  );

/** A Tencent Cloud organisation's own keys in YAML. */
export const OrganizationSettings = z
  .strictObject({
    auth: AuthSettings.refine(isBase, 'the role of the hub must be named by its ARN')
      .prefault({ environment: {} })
      .describe('the hub: who lists the members and assumes the role in each; default: environment'),
    role: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/, 'must be the name of a role that each account has, such as muster-audit')
      .describe('assumed in each account'),
    external_id,
    session_name,
    trusted_service: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be the short name of a trusted service')
      .optional()
      .describe('of which the hub is the administrator, where it is not the one of the organisation'),
    endpoint: Endpoint.optional().describe('something other than the real Tencent Cloud'),
    ...COMMON.shape,
  })
  .transform(({ auth, role, external_id: externalId, session_name: sessionName, endpoint, ...rest }) => {
    const { trusted_service: trustedService, ...common } = rest;
    return { auth, role, externalId, sessionName, trustedService, endpoint, ...commonOf(common) };
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
    trustedService: _,
    endpoint,
    ...common
  } = organizationSettings(organization);
  return {
    ...common,
    auth: { kind: 'assume_role', role, externalId, sessionName, base },
    endpoint: endpoint && { cam: endpoint.cam, sts: endpoint.sts, cloudaudit: endpoint.cloudaudit },
    hub: organization.name,
  };
}
