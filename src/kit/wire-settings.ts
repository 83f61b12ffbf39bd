import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { isProxyUrl, type WireSettings } from './route.ts';
import { text } from './schema.ts';
import { Secret } from './secret.ts';

const Proxy = z
  .union([z.string(), z.instanceof(Secret)])
  .meta({ type: 'string' })
  .transform((value) => (typeof value === 'string' && value !== 'none' ? new Secret(value, value) : value))
  .refine(
    (proxy) => proxy === 'none' || isProxyUrl(typeof proxy === 'string' ? proxy : proxy.reveal()),
    'must be an http or https URL such as http://proxy.example.com:3128, or none; a password in it by reference',
  );

const NoProxy = text().refine(
  (entry) => /^[^\s,]{1,255}$/.test(entry),
  'must be a host such as sts.internal, .example.com, 10.0.0.0/8 or host:port',
);

/** How the calls of an account or an organisation leave this machine: the same keys in every cloud. */
export const WIRE = {
  proxy: Proxy.optional().describe(
    'a proxy for all calls, by CONNECT; none: straight. Without it: HTTPS_PROXY of the environment',
  ),
  no_proxy: z.array(NoProxy).optional().describe('hosts that are called straight. Without it: NO_PROXY'),
  ca_file: text()
    .refine((path) => isAbsolute(path), 'must be an absolute path')
    .optional()
    .describe("certificates (PEM) of authorities that are trusted beside Node.js's own"),
};

interface Written {
  readonly proxy?: Secret | string | undefined;
  readonly no_proxy?: readonly string[] | undefined;
  readonly ca_file?: string | undefined;
}

export function wireSettings({ proxy, no_proxy: noProxy, ca_file: caFile }: Written): WireSettings {
  return { proxy: typeof proxy === 'string' ? 'none' : proxy, noProxy, caFile };
}
