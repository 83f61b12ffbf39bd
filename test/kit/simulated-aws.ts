import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';

export interface SimulatedAws {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  /** The hub's own clients, with its static keys. */
  readonly sts: STSClient;
  /** With the role of this account (the first by default) assumed. */
  readonly iam: (index?: number, options?: ClientOptions) => IAMClient;
  /** Generates, lets the build time pass, gets. */
  readonly report: (client: IAMClient) => Promise<{ readonly csv: string; readonly generatedAt: Date }>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<unknown>;
}

export interface ClientOptions {
  readonly externalId?: string;
  readonly maxAttempts?: number;
  readonly requestTimeout?: number;
}

/** A simulator whose time stands still until the test moves it; everything is closed with the test. */
export async function simulatedAws(options: Partial<SimulatorOptions> = {}): Promise<SimulatedAws> {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, ...options });
  onTestFinished(() => simulator.close());
  const base = { endpoint: simulator.url, region: 'eu-west-1' };
  const { accessKeyId, secretAccessKey } = simulator.hub;
  const hub = { ...base, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  const sts = new STSClient(hub);
  onTestFinished(() => sts.destroy());
  return {
    simulator,
    clock,
    sts,
    iam: (index = 0, client = {}) => {
      const account = simulator.accounts[index]!;
      const iam = new IAMClient({
        ...base,
        maxAttempts: client.maxAttempts ?? 1,
        requestHandler: { requestTimeout: client.requestTimeout ?? 5_000, throwOnRequestTimeout: true },
        credentials: fromTemporaryCredentials({
          masterCredentials: hub.credentials,
          params: {
            RoleArn: account.roleArn,
            RoleSessionName: 'muster',
            ExternalId: client.externalId ?? account.externalId,
            DurationSeconds: 900,
          },
          clientConfig: { ...base, maxAttempts: 1 },
        }),
      });
      onTestFinished(() => iam.destroy());
      return iam;
    },
    async report(client) {
      await client.send(new GenerateCredentialReportCommand({}));
      clock.move(3_000);
      const { Content, GeneratedTime } = await client.send(new GetCredentialReportCommand({}));
      return { csv: Buffer.from(Content!).toString('utf8'), generatedAt: GeneratedTime! };
    },
    async control(method, path, body) {
      const answer = await fetch(`${simulator.url}/_simulator/${path}`, {
        method,
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return answer.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text;
    },
  };
}
