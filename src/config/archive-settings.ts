import path from 'node:path';
import { z } from 'zod';
import { secret, text } from '../kit/schema.ts';
import type { ArchiveConfig } from './config.ts';
import { httpUrl } from './fields.ts';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const SEGMENT = /^[A-Za-z0-9!_.*'()=@+-]+$/;

interface Bucket {
  readonly bucket: string;
  readonly prefix: string;
}

const S3 = z.strictObject({
  url: text().transform((value, context) => {
    const parsed = parseBucket(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: 'must be s3://bucket or s3://bucket/prefix' });
    return z.NEVER;
  }),
  endpoint: httpUrl().optional(),
  region: text().optional(),
  path_style: z.boolean().default(false),
  access_key_id: text().optional(),
  secret_access_key: secret().optional(),
});

/** A folder, `s3://bucket/prefix`, or a bucket with what it takes to reach it. */
export const ArchiveSettings = z.union([
  text().refine(isFolderOrBucket, 'must be a folder, or s3://bucket/prefix'),
  S3.refine(
    (settings) => (settings.access_key_id === undefined) === (settings.secret_access_key === undefined),
    'access_key_id and secret_access_key come together; without both, the usual AWS credential chain is used',
  ),
]);
export type ArchiveSettings = z.infer<typeof ArchiveSettings>;

export function archiveConfig(settings: ArchiveSettings, folder: string): ArchiveConfig {
  if (typeof settings !== 'string') return s3(settings.url, settings);
  const bucket = parseBucket(settings);
  if (bucket !== undefined) return s3(bucket, {});
  return { type: 'folder', path: path.resolve(folder, settings) };
}

function s3(bucket: Bucket, settings: Partial<z.infer<typeof S3>>): ArchiveConfig {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = settings;
  const hasKey = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    type: 's3',
    ...bucket,
    region: settings.region,
    endpoint: settings.endpoint,
    pathStyle: settings.path_style ?? false,
    credentials: hasKey ? { accessKeyId, secretAccessKey } : undefined,
  };
}

function isFolderOrBucket(value: string): boolean {
  if (value.startsWith('s3:')) return parseBucket(value) !== undefined;
  return value.trim() !== '' && !value.includes('\0') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

function parseBucket(url: string): Bucket | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url);
  const [bucket, prefix] = [match?.[1] ?? '', (match?.[2] ?? '').replace(/^\/+|\/+$/g, '')];
  const isSafe = prefix === '' || prefix.split('/').every((part) => SEGMENT.test(part) && !/^\.+$/.test(part));
  return BUCKET.test(bucket) && isSafe ? { bucket, prefix } : undefined;
}
