import { z } from 'zod';
import type { Severity } from '../domain/rules.ts';
import { text } from '../kit/schema.ts';
import { didYouMean } from '../kit/suggest.ts';
import { date } from './fields.ts';
import type { Registries } from './registries.ts';

const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const SILENCE_DAYS = 90;
const LONGEST_PATTERN = 256;

/** By check: on or off, how bad, and what the check itself can be given. */
export function checks(registries: Registries) {
  const perCheck = registries.checks.map(({ id, defaults: rule }) => {
    const thresholds = Object.keys(rule.thresholds).map((name) => [name, z.number().nonnegative().optional()] as const);
    const lists = Object.keys(rule.lists ?? {}).map((name) => [name, z.array(pattern()).optional()] as const);
    const settings = z.strictObject({
      enabled: z.boolean().optional(),
      severity: z.enum(SEVERITIES).optional(),
      ...Object.fromEntries<z.ZodType>([...thresholds, ...lists]),
    });
    return [id, settings.optional()] as const;
  });
  return z.strictObject(Object.fromEntries(perCheck));
}

/** What is left out covers everything; one of the four has to be there. */
export function exceptions({ checks: known }: Registries) {
  const exception = z.strictObject({
    owner: words(),
    reason: words(),
    until: date(),
    checks: z
      .array(z.enum(known.map(({ id }) => id)))
      .min(1)
      .optional(),
    accounts: z.array(words()).min(1).optional(),
    labels: z.record(z.string(), text()).optional(),
    identities: z.array(pattern()).min(1).optional(),
  });
  return z.array(
    exception.refine(
      ({ checks, accounts, labels = {}, identities }) =>
        checks !== undefined ||
        accounts !== undefined ||
        Object.keys(labels).length > 0 ||
        identities?.some(isEverybody) === false,
      'covers everything: say which checks, accounts, labels or identities',
    ),
  );
}

export function changes({ changeTypes }: Registries) {
  return z.strictObject({
    silence_days: z.number().min(1).max(3_650).default(SILENCE_DAYS),
    severity: severities(changeTypes),
    root_severity: severities(changeTypes),
  });
}

/** Of signs only, and not of a fixed length. */
function isEverybody(name: string): boolean {
  return /^[*?]+$/.test(name) && name.includes('*');
}

/** By type of change, as far as it differs from Muster's own table. */
function severities(changeTypes: readonly string[]) {
  return z
    .record(z.string(), z.enum(SEVERITIES))
    .superRefine(
      (table, context) => {
        for (const name of Object.keys(table).filter((type) => !changeTypes.includes(type))) {
          const message = `there is no change "${name}"${didYouMean(name, changeTypes)}`;
          context.addIssue({ code: 'custom', message, path: [name] });
        }
      },
      { when: ({ value }) => typeof value === 'object' && value !== null }, // beside wrong severities too
    )
    .default({});
}

function words() {
  return text().refine((value) => value.trim() !== '', 'must not be empty');
}

/** A name or an id, with `*` and `?`. */
function pattern() {
  return text()
    .refine((value) => value.trim() === value && value !== '', 'must be a name, without spaces around it')
    .refine((value) => value.length <= LONGEST_PATTERN, `must be at most ${LONGEST_PATTERN} characters`)
    .refine(
      (value) => !/[\\^$[\](){}|]/.test(value),
      'is no regular expression: * stands for any characters, ? for one',
    );
}
