import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { knownText } from './known-text.ts';
import { Secret } from './secret.ts';

/** A string, or a reference to one (`${env:NAME}`): config/ hands every resolved reference over as a Secret. */
export function text(): z.ZodType<string> {
  return z
    .union([z.string(), z.instanceof(Secret)])
    .transform((value, context) => {
      const known = typeof value === 'string' ? value : knownText(value);
      if (known !== undefined) return known;
      context.addIssue({ code: 'custom', message: 'is needed now, and the place that keeps it does not tell it' });
      return z.NEVER;
    })
    .meta({ type: 'string' });
}

/** As `text`, kept as what it is: what a reference brings can be read again while the process lives. */
export function liveText(): z.ZodType<Secret> {
  return z
    .union([z.string(), z.instanceof(Secret)])
    .transform((value) => (typeof value === 'string' ? new Secret(value, value) : value))
    .meta({ type: 'string' });
}

/** A secret by reference only: a literal is refused. */
export function secret(): z.ZodType<Secret> {
  return z
    .custom<Secret>(
      (value) => value instanceof Secret,
      'must be a reference such as "${env:NAME}" or "${file:/run/secrets/name}", never the secret itself',
    )
    .meta({ type: 'string', description: 'a reference: ${env:NAME}, ${file:/path} or ${aws-sm:name}' });
}

/** `4h`, `30m`, `15s`, `7d`, as milliseconds. */
export function duration(): z.ZodType<number> {
  return z
    .string()
    .transform((value, context) => {
      const ms = parseDuration(value);
      if (ms !== undefined) return ms;
      context.addIssue({
        code: 'custom',
        message: `"${value}" is not a duration: write for example 15s, 30m, 4h or 7d`,
      });
      return z.NEVER;
    })
    .meta({ type: 'string', pattern: '^[0-9]{1,6}[smhd]$' });
}
