import { Secret } from '../../src/kit/secret.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { WebhookSettings } from '../../src/sinks/webhook/settings.ts';
import { webhookSink } from '../../src/sinks/webhook/webhook-sink.ts';
import type { Certificate } from './certificate.ts';
import { type HttpServer, httpServer } from './http-server.ts';
import { sinkTools } from './sink-compliance.ts';

export const SIGNING_SECRET = `whsec_${Buffer.from('a signing secret of 32 bytes....').toString('base64')}`;
export const HEADER_SECRET = 'Bearer header-canary-51f0';
export const PATH_SECRET = 'path-canary-77ab';

export interface WebhookReceiver {
  readonly server: HttpServer;
  readonly sink: Sink;
  /** The events of all requests that were answered with 2xx by default, in order. */
  readonly texts: () => string[];
  readonly close: () => Promise<void>;
}

/** A webhook sink pointed at a scripted server; `yaml` are more of its keys. */
export async function webhookReceiver(
  yaml: Readonly<Record<string, unknown>> = {},
  certificate?: Certificate,
): Promise<WebhookReceiver> {
  const server = await httpServer(certificate);
  const sink = webhookSink(
    WebhookSettings.parse({
      url: `${server.url}/in/${PATH_SECRET}`,
      secret: new Secret(SIGNING_SECRET, '${env:WEBHOOK_SECRET}'),
      headers: { authorization: new Secret(HEADER_SECRET, '${env:WEBHOOK_TOKEN}') },
      ...yaml,
    }),
    sinkTools(),
  );
  return {
    server,
    sink,
    texts: () => server.requests.flatMap((request) => eventsIn(request.text).map((event) => JSON.stringify(event))),
    close: async () => {
      await sink.close();
      await server.close();
    },
  };
}

export function eventsIn(body: string): readonly { readonly id: string }[] {
  return JSON.parse(body) as readonly { readonly id: string }[];
}
