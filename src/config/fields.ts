import { z } from 'zod';
import { parseInstant } from '../domain/instant.ts';
import { text } from '../kit/schema.ts';
import { Secret } from '../kit/secret.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9464`, `redis-0:26379`, `[::1]:9464`. */
export function hostPort(): z.ZodType<HostPort> {
  return text().transform((value, context) => {
    const parsed = parseHostPort(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `"${value}" is not host:port, for example 127.0.0.1:9464` });
    return z.NEVER;
  });
}

function parseHostPort(value: string): HostPort | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(value);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** `http://…` or `https://…` without user, query or fragment. */
export function httpUrl(): z.ZodType<string> {
  return text().refine(isHttpUrl, 'must be a URL such as https://host or http://127.0.0.1:9000');
}

function isHttpUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '' && url.search + url.hash === '';
  return isPlain && ['http:', 'https:'].includes(url.protocol);
}

/** A URL that may hold a password; then only by reference, which `references.ts` sees to. */
export function redisUrl(): z.ZodType<Secret> {
  return z
    .union([z.string(), z.instanceof(Secret)])
    .meta({ type: 'string', description: 'redis://host:port or rediss://…; with a password by reference only' })
    .transform((value) => (typeof value === 'string' ? new Secret(value, value) : value))
    .refine((url) => isRedisUrl(url.reveal()), 'must be a URL such as redis://host:6379 or rediss://host:6379');
}

function isRedisUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && url.hostname !== '' && ['redis:', 'rediss:'].includes(url.protocol);
}

/** A day, in UTC. */
export function date(): z.ZodType<string> {
  return text().refine(isDate, 'must be a date such as 2027-03-01');
}

function isDate(value: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(value) ? parseInstant(`${value}T00:00:00Z`) : undefined;
  return instant !== undefined && new Date(instant).toISOString().startsWith(value); // 2026-02-31 is read as March
}
