import type * as TrailSdk from '@aws-sdk/client-cloudtrail';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { clientConfig } from './api.ts';
import { EventsAnswer } from './audit-answers.ts';
import { callerOf } from './call.ts';
import { unremembered } from './credentials.ts';
import { isOfExpired } from './faults.ts';
import type { Credentials } from './remembered.ts';
import type { Settings } from './settings.ts';

/** What is looked up: what this key did in one region, newest first. */
interface LookUp {
  readonly region: string;
  readonly keyId: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly token: string | undefined;
  /** 50 where it is left out, as many as AWS gives. */
  readonly most?: number;
}

/** CloudTrail's event history. One request a call. */
export interface TrailApi {
  events(asked: LookUp, signal: AbortSignal): Promise<EventsAnswer>;
  close(): void;
}

interface TrailParts {
  readonly accountId: string;
  readonly settings: Settings;
  readonly credentials: Credentials;
}

/** Loads the SDK at the first look. */
export function openTrail({ accountId, settings, credentials }: TrailParts): TrailApi {
  const { timeoutMs, endpoint, wire } = settings;
  // A region that is not enabled calls good credentials invalid: they are not looked up again for that.
  const caller = callerOf({ accountId, timeoutMs, credentials: { get: () => credentials.get(), forget: () => {} } });
  const clients = new Map<string, TrailSdk.CloudTrailClient>();

  function clientOf(region: string, sdk: typeof TrailSdk): TrailSdk.CloudTrailClient {
    const known = clients.get(region);
    if (known !== undefined) return known;
    if (endpoint !== undefined && endpoint.cloudtrail === undefined) throw noEndpoint(accountId);
    const config = clientConfig({ region, timeoutMs, wire }, endpoint?.cloudtrail);
    const client = new sdk.CloudTrailClient({ ...config, maxAttempts: 1, credentials: unremembered(credentials) });
    clients.set(region, client);
    return client;
  }

  return {
    async events(asked, signal) {
      const sdk = await import('@aws-sdk/client-cloudtrail');
      const client = clientOf(asked.region, sdk);
      const { accessKeyId } = await credentials.get();
      try {
        return await caller.call({
          action: 'cloudtrail:LookupEvents',
          answer: EventsAnswer,
          signal,
          send: (options) => client.send(new sdk.LookupEventsCommand(inputOf(asked)), options),
        });
      } catch (fault) {
        if (isOfExpired(fault)) credentials.forget(accessKeyId);
        throw fault;
      }
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

function inputOf({ keyId, from, to, token, most = 50 }: LookUp): TrailSdk.LookupEventsCommandInput {
  return {
    LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: keyId }],
    StartTime: new Date(from),
    EndTime: new Date(to),
    MaxResults: most,
    NextToken: token,
  };
}

/** What stands in for AWS elsewhere must not be left out here: half of the calls would go to the real one. */
function noEndpoint(accountId: string): Fault {
  return new Fault('misconfigured', `account ${accountId}: endpoint names no cloudtrail, which a key audit asks`);
}
