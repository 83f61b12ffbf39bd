import type * as CoreSdk from '@alicloud/openapi-core';
import type { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { unwrapped } from '../../kit/unwrapped.ts';
import { wireOf } from './api.ts';
import { type Caller, callerOf } from './call.ts';
import { type Credentials, hubCredentials } from './credentials.ts';
import { DIRECTORY_URL, endpointsOf } from './endpoints.ts';
import { DirectoryAnswer, MembersAnswer } from './organization-answers.ts';
import type { OrganizationSettings } from './organization-settings.ts';

const VERSION = '2020-03-31';

/** What we ask of Resource Manager. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface OrganizationApi {
  /** The first page is 1; it holds 100 accounts at most. */
  members(page: number, size: number, hasTags: boolean, signal: AbortSignal): Promise<MembersAnswer>;
  directory(signal: AbortSignal): Promise<DirectoryAnswer>;
  close(): void;
}

/** Loads the SDK: its generic client, because two calls need no package of their own. Asks nothing yet. */
export async function openOrganizationApi(
  name: string,
  settings: OrganizationSettings,
  clock: Clock,
): Promise<OrganizationApi> {
  const [core, stsSdk] = await Promise.all([import('@alicloud/openapi-core'), import('@alicloud/sts20150401')]);
  const { timeoutMs, endpoint, region } = settings;
  const url = endpointsOf(endpoint, region).sts;
  const wire = wireOf(core, settings);
  const sts = (by: Credentials | undefined) => wire.client(unwrapped(stsSdk), url, by);
  const credentials = hubCredentials(settings.auth, name, { accountId: '', timeoutMs, clock, stsSdk, sts });
  const client = wire.client(unwrapped(core), endpoint?.resourcemanager ?? DIRECTORY_URL, credentials);
  const caller = callerOf({ accountId: '', timeoutMs, credentials, subject: `organization ${name}` });
  return { ...calls(client, core, caller), close: wire.close };
}

function calls(client: CoreSdk.default, core: typeof CoreSdk, { call }: Caller): Omit<OrganizationApi, 'close'> {
  const ask = <T>(action: string, query: Record<string, string>, answer: z.ZodType<T>, signal: AbortSignal) =>
    call({ action: `resourcemanager:${action}`, answer, signal, send: () => send(client, core, action, query) });
  return {
    members: (page, size, hasTags, signal) => {
      const query = { PageNumber: String(page), PageSize: String(size), ...(hasTags ? { IncludeTags: 'true' } : {}) };
      return ask('ListAccounts', query, MembersAnswer, signal);
    },
    directory: (signal) => ask('GetResourceDirectory', {}, DirectoryAnswer, signal),
  };
}

function send(client: CoreSdk.default, core: typeof CoreSdk, action: string, query: Record<string, string>) {
  const { Params, OpenApiRequest } = core.$OpenApiUtil;
  const params = new Params({
    action,
    version: VERSION,
    protocol: 'HTTPS',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  // The class of the third is in a package that is not ours to import, and all of its fields are optional.
  return client.callApi(params, new OpenApiRequest({ query }), {} as Parameters<CoreSdk.default['callApi']>[2]);
}
