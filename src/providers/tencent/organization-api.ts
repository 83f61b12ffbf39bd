import type { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { wireOf } from './api.ts';
import { callerOf } from './call.ts';
import { hubCredentials } from './credentials.ts';
import { MembersAnswer, OrganizationAnswer } from './organization-answers.ts';
import type { OrganizationSettings } from './organization-settings.ts';

/** What we ask of Tencent Cloud Organization. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface OrganizationApi {
  /** `offset` is a multiple of `limit`, which is 50 at most. */
  members(offset: number, limit: number, signal: AbortSignal): Promise<MembersAnswer>;
  organization(signal: AbortSignal): Promise<OrganizationAnswer>;
  close(): void;
}

/** Loads two modules of the SDK; asks nothing yet. */
export async function openOrganizationApi(
  name: string,
  settings: OrganizationSettings,
  clock: Clock,
): Promise<OrganizationApi> {
  const [sdk, { sts }] = await Promise.all([
    import('tencentcloud-sdk-nodejs/tencentcloud/services/organization/index.js'),
    import('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js'),
  ]);
  const { timeoutMs, trustedService } = settings;
  const wire = wireOf(settings);
  const credentials = hubCredentials(settings.auth, name, {
    accountId: '',
    settings,
    clock,
    sts: (action, request, keys, region, signal) =>
      new sts.v20180813.Client({ ...wire.config('sts', keys), region }).request(action, request, {
        signal,
        ...(keys === undefined ? { skipSign: true } : {}),
      }),
  });
  const caller = callerOf({ accountId: '', timeoutMs, credentials, subject: `organization ${name}` });
  const ask = <T>(action: string, request: object, answer: z.ZodType<T>, signal: AbortSignal) =>
    caller.call({
      action: `organization:${action}`,
      answer,
      signal,
      send: (keys, sendSignal) =>
        new sdk.organization.v20210331.Client(wire.config('organization', keys)).request(action, request, {
          signal: sendSignal,
        }),
    });
  const service = trustedService === undefined ? {} : { Product: trustedService };
  return {
    members: (Offset, Limit, signal) =>
      ask('DescribeOrganizationMembers', { Offset, Limit, ...service }, MembersAnswer, signal),
    organization: (signal) => ask('DescribeOrganization', service, OrganizationAnswer, signal),
    close: wire.close,
  };
}
