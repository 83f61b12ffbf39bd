import type * as IamSdk from '@aws-sdk/client-iam';
import type * as OrganizationsSdk from '@aws-sdk/client-organizations';
import type * as StsSdk from '@aws-sdk/client-sts';
import type { Clock } from '../../domain/clock.ts';
import { agentsFor, clientConfig } from './api.ts';
import { type Caller, callerOf } from './call.ts';
import { hubCredentials, unremembered } from './credentials.ts';
import { MembersAnswer, RootFeaturesAnswer, TagsAnswer } from './organization-answers.ts';
import type { OrganizationSettings } from './organization-settings.ts';

/** What we ask of AWS Organizations, and of IAM about them. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface OrganizationsApi {
  members(token: string | undefined, signal: AbortSignal): Promise<MembersAnswer>;
  tags(accountId: string, token: string | undefined, signal: AbortSignal): Promise<TagsAnswer>;
  rootFeatures(signal: AbortSignal): Promise<RootFeaturesAnswer>;
  close(): void;
}

/** Loads the SDK; asks nothing yet. */
export async function openOrganizationsApi(
  name: string,
  settings: OrganizationSettings,
  clock: Clock,
): Promise<OrganizationsApi> {
  const [sdk, stsSdk] = await Promise.all([import('@aws-sdk/client-organizations'), import('@aws-sdk/client-sts')]);
  const { timeoutMs, endpoint } = settings;
  const stsConfig = (): StsSdk.STSClientConfig => clientConfig(settings, endpoint?.sts);
  const parts = { accountId: '', settings, stsSdk, stsConfig, agents: () => agentsFor(settings), clock };
  const credentials = hubCredentials(settings.auth, name, parts);
  const client = new sdk.OrganizationsClient({
    ...clientConfig(settings, endpoint?.organizations),
    credentials: unremembered(credentials),
  });
  const caller = callerOf({ accountId: '', timeoutMs, credentials, subject: `organization ${name}` });
  let iam: IamSdk.IAMClient | undefined;
  return {
    ...calls(client, sdk, caller),
    async rootFeatures(signal) {
      const iamSdk = await import('@aws-sdk/client-iam'); // few ask
      const own = (iam ??= new iamSdk.IAMClient({
        ...clientConfig(settings, endpoint?.iam),
        credentials: unremembered(credentials),
      }));
      return caller.call({
        action: 'iam:ListOrganizationsFeatures',
        answer: RootFeaturesAnswer,
        signal,
        send: (options) => own.send(new iamSdk.ListOrganizationsFeaturesCommand({}), options),
      });
    },
    close() {
      client.destroy();
      iam?.destroy();
    },
  };
}

function calls(
  client: OrganizationsSdk.OrganizationsClient,
  sdk: typeof OrganizationsSdk,
  caller: Caller,
): Pick<OrganizationsApi, 'members' | 'tags'> {
  return {
    members: (NextToken, signal) =>
      caller.call({
        action: 'organizations:ListAccounts',
        answer: MembersAnswer,
        signal,
        send: (options) => client.send(new sdk.ListAccountsCommand({ NextToken }), options),
      }),
    tags: (ResourceId, NextToken, signal) =>
      caller.call({
        action: 'organizations:ListTagsForResource',
        answer: TagsAnswer,
        signal,
        send: (options) => client.send(new sdk.ListTagsForResourceCommand({ ResourceId, NextToken }), options),
      }),
  };
}
