import { z } from 'zod';
import { text } from '../../kit/schema.ts';

export const Url = text().refine(isPlainUrl, 'must be an http or https URL without a user name or password');

export interface Endpoints {
  readonly ims: string;
  readonly ram: string;
  readonly sts: string;
  readonly actiontrail: string;
}

export const SERVICES = {
  ims: Url.optional(),
  ram: Url.optional(),
  sts: Url.optional(),
  actiontrail: Url.optional(),
};

export const Endpoint: z.ZodType<Partial<Endpoints>> = z
  .union([Url, z.strictObject(SERVICES)], {
    error: 'must be one http or https URL, or { ims: URL, ram: URL, sts: URL, actiontrail: URL }',
  })
  .transform((endpoint): Partial<Endpoints> => {
    if (typeof endpoint === 'string') return everywhere(endpoint);
    return Object.fromEntries(Object.entries(endpoint).filter(([, url]) => url !== undefined));
  });

export function everywhere(url: string): Endpoints {
  return { ims: url, ram: url, sts: url, actiontrail: url };
}

/** The SDK would choose others by itself, and other ones in each version: all are named. */
export function endpointsOf(given: Partial<Endpoints> | undefined, region: string): Endpoints {
  return {
    ims: 'https://ims.aliyuncs.com',
    ram: 'https://ram.aliyuncs.com',
    // The one without a region stands in mainland China, and is hard to reach from elsewhere.
    sts: `https://sts.${region}.aliyuncs.com`,
    actiontrail: `https://actiontrail.${region}.aliyuncs.com`,
    ...given,
  };
}

/** One for both sites. */
export const DIRECTORY_URL = 'https://resourcemanager.aliyuncs.com';

/** A VPC endpoint is still the real cloud. Who only leaves ActionTrail out has no report of it. */
export function isRealCloud(given: Partial<Endpoints> | undefined): boolean {
  const { actiontrail: _, ...others } = endpointsOf(undefined, 'cn-hangzhou');
  const urls = Object.values({ ...others, ...given });
  return urls.some((url) => new URL(url).hostname.endsWith('.aliyuncs.com'));
}

/** As the SDK wants it: it takes the protocol apart from the host, and no scheme. */
export function hostOf(url: string): { readonly endpoint: string; readonly protocol: string } {
  const { protocol, host, pathname } = new URL(url);
  return { endpoint: `${host}${pathname.replace(/\/$/, '')}`, protocol: protocol.slice(0, -1) };
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}
