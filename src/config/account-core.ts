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
    reports: reportKinds(provider, { imports: true }),
  });
}
export type AccountCore = z.infer<ReturnType<typeof accountCore>>;

/** Imports are of one account: the files do not say of which. */
export function reportKinds(provider: Provider, { imports }: { readonly imports: boolean }) {
  const kinds: [string, z.ZodType<ReportKeys | undefined>][] = [];
  for (const [name, kind] of Object.entries(provider.kinds)) {
    if (kind.collectable !== false) kinds.push([name, reportSettings(kind).optional()]);
    else if (imports) kinds.push([name, importSettings().optional()]);
  }
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

/** What may be written of a report kind, as its schema made it: its own keys have their defaults, when the YAML names the kind. */
export interface ReportKeys {
  readonly every?: number | undefined;
  readonly drop_folder?: string | undefined;
  readonly [own: string]: unknown;
}

function importSettings() {
  return z.strictObject({
    drop_folder: text().describe('files in it are imported, as soon as they are complete'),
    every: duration()
      .refine((ms) => ms > 0, 'must be longer than nothing')
      .describe('how often somebody brings one: older than twice that is late'),
  });
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
