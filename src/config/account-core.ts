import { z } from 'zod';
import { parseSourceName } from '../domain/names.ts';
import { duration, text } from '../kit/schema.ts';
import type { Provider, ReportKind } from '../providers/provider.ts';

// Control characters have no place in a name that ends up in logs and on terminals
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,128}$/u;

/** The keys that every account has, whatever its provider; `reports` names that provider's kinds. */
export function accountCore(provider: Provider) {
  return z.object({
    provider: z.literal(provider.name),
    account_id: accountId(provider),
    name: text()
      .refine((name) => PRINTABLE.test(name.trim()), 'must be 1 to 128 printable characters')
      .optional()
      .describe('your alias, unique; default: the account id'),
    labels: z.record(z.string(), text()).default({}).describe('on every event of the account'),
    reports: reportKinds(provider),
  });
}
export type AccountCore = z.infer<ReturnType<typeof accountCore>>;

export function reportKinds(provider: Provider) {
  const collectable = Object.entries(provider.kinds).filter(([, kind]) => kind.collectable !== false);
  const kinds = collectable.map(([name, kind]) => [name, reportSettings(kind).optional()] as const);
  return z
    .strictObject(Object.fromEntries(kinds))
    .optional()
    .describe('report kinds to collect; default: credential-report, as often as the cloud makes one');
}

export function accountId(provider: Provider): z.ZodType<string> {
  const { pattern, hint } = provider.accountId;
  const isSafe = (id: string) => parseSourceName(`${provider.name}/${id}/account`) !== undefined;
  return text()
    .refine((id) => pattern.test(id) && isSafe(id), `not an account id of ${provider.name}: ${hint}`)
    .meta({ type: 'string', pattern: `${pattern.source}|\\$\\{` });
}

/** `every`, and the kind's own keys. */
function reportSettings({ settings }: ReportKind) {
  return z.strictObject({
    ...settings?.shape,
    every: duration()
      .refine((ms) => ms > 0, 'must be longer than nothing')
      .optional(),
  });
}
