import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type * as S3 from '@aws-sdk/client-s3';
import type { Fault } from '../domain/fault.ts';
import { fullJitterMs } from '../kit/backoff.ts';
import type { Secret } from '../kit/secret.ts';
import { same } from './json-object.ts';
import { checkKey, checkPrefix } from './key.ts';
import { nameOf, s3Fault, statusOf } from './s3-fault.ts';
import type { Store } from './store.ts';

export interface S3StoreOptions {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean;
  /** Undefined: the SDK's own chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: Secret } | undefined;
  /** For tests. */
  readonly deadlineMs?: number;
}

interface Bucket {
  readonly sdk: typeof S3;
  readonly client: S3.S3Client;
  readonly name: string;
  readonly bucket: string;
  readonly root: string;
  readonly deadlineMs: number;
}

const DEADLINE_MS = 20_000;
const TRIES = 5;
const LONGEST_PAUSE_MS = 2_000;

/** An archive in an S3-compatible bucket that honours `If-None-Match: *`. */
export async function openS3Store(options: S3StoreOptions): Promise<Store> {
  const sdk = await import('@aws-sdk/client-s3');
  const root = options.prefix === '' ? '' : `${checkKey(options.prefix)}/`;
  const name = `s3://${options.bucket}/${options.prefix}`;
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const client = new sdk.S3Client(settings(options, deadlineMs));
  const at: Bucket = { sdk, client, name, bucket: options.bucket, root, deadlineMs };
  return {
    name,
    create: async (key, bytes) => create(at, checkKey(key), bytes),
    get: async (key) => get(at, checkKey(key)),
    list: (prefix, after) => list(at, checkPrefix(prefix), after),
    close: () => client.destroy(),
  };
}

function settings(options: S3StoreOptions, deadlineMs: number) {
  const { region, endpoint, credentials } = options;
  return {
    ...(region === undefined ? (endpoint === undefined ? {} : { region: 'us-east-1' }) : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined
      ? {}
      : {
          credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() },
        }),
    forcePathStyle: options.pathStyle,
    // Retries are ours: after one that may have been kept, a 412 can mean our own bytes.
    maxAttempts: 1,
    // Servers other than AWS refuse the aws-chunked bodies that the default makes.
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    requestHandler: {
      connectionTimeout: Math.min(5_000, deadlineMs),
      requestTimeout: deadlineMs,
      throwOnRequestTimeout: true,
    },
  };
}

/** A PUT whose answer was lost may have been kept: then the bytes that are there decide. */
async function create(at: Bucket, key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  let isUnsure = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await put(at, key, bytes);
      return 'created';
    } catch (error) {
      const status = statusOf(error);
      // Old MinIO answers 304 where S3 answers 412.
      if (status === 412 || status === 304) return isUnsure ? compare(at, key, bytes) : 'exists';
      const fault = s3Fault(at.name, `writing ${key}`, error);
      if (!mayPass(fault, attempt)) throw fault;
      isUnsure ||= status !== 409 && fault.kind !== 'throttled';
      await pause(attempt, fault);
    }
  }
}

async function compare(at: Bucket, key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const there = await get(at, key);
  return there !== undefined && same(there, bytes) ? 'created' : 'exists';
}

async function put(at: Bucket, key: string, bytes: Uint8Array): Promise<void> {
  const command = new at.sdk.PutObjectCommand({
    Bucket: at.bucket,
    Key: at.root + key,
    Body: bytes,
    ContentLength: bytes.length,
    // Buckets with Object Lock insist on it.
    ContentMD5: createHash('md5').update(bytes).digest('base64'),
    IfNoneMatch: '*',
  });
  await within(at.deadlineMs, (abortSignal) => at.client.send(command, { abortSignal }));
}

function get(at: Bucket, key: string): Promise<Uint8Array | undefined> {
  return retry(at, `reading ${key}`, async () => {
    const command = new at.sdk.GetObjectCommand({ Bucket: at.bucket, Key: at.root + key });
    try {
      return await within(at.deadlineMs, async (abortSignal) => {
        const { Body } = await at.client.send(command, { abortSignal });
        return Body?.transformToByteArray();
      });
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return undefined;
      throw error;
    }
  });
}

async function* list(at: Bucket, prefix: string, after?: string): AsyncIterable<string> {
  let token: string | undefined;
  do {
    const command = new at.sdk.ListObjectsV2Command({
      Bucket: at.bucket,
      Prefix: at.root + prefix,
      ...(after === undefined ? {} : { StartAfter: at.root + after }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const page = await retry(at, `listing ${prefix}`, () =>
      within(at.deadlineMs, (abortSignal) => at.client.send(command, { abortSignal })),
    );
    for (const { Key } of page.Contents ?? []) {
      // Consoles make empty objects that look like folders.
      if (Key !== undefined && !Key.endsWith('/')) yield Key.slice(at.root.length);
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function retry<T>(at: Bucket, what: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const fault = s3Fault(at.name, what, error);
      if (!mayPass(fault, attempt)) throw fault;
      await pause(attempt, fault);
    }
  }
}

/** Who asks for a long pause gets it from the pipeline: no worker is held for it. */
function mayPass(fault: Fault, attempt: number): boolean {
  if (attempt === TRIES || (fault.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
  return fault.kind === 'throttled' || fault.kind === 'unreachable';
}

function pause(attempt: number, fault: Fault): Promise<void> {
  return wait(Math.max(fullJitterMs(attempt, 50, LONGEST_PAUSE_MS), fault.retryAfterMs ?? 0));
}

/** The SDK's own time-outs watch the socket; this one watches the whole, body included. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = Object.assign(new Error(`no answer within ${ms} ms`), { name: 'TimeoutError' });
      deadline.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(deadline.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
