import type { z } from 'zod';
import { Secret } from '../kit/secret.ts';
import { didYouMean } from '../kit/suggest.ts';
import { type Located, textOf } from './located.ts';

/** What a schema's issue means to the person who wrote the YAML. */
export function wordsOfIssue(issue: z.core.$ZodIssue, written: Located | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, written);
    case 'invalid_value':
      return notOneOf(issue.values.map(String), written);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? notOneOf(issue.options.map(String), written)
        : 'not understood';
    case 'too_small':
      return tooSmall(issue.origin, issue.minimum);
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_key':
      return 'a key in it is not allowed';
    case 'unrecognized_keys':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return lowerFirst(issue.message);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  Secret: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function wrongType(expected: string, written: Located | undefined): string {
  const wanted = `must be ${TYPES[expected] ?? expected}`;
  if (written?.kind !== 'scalar') return wanted;
  if (written.value instanceof Secret) return `${wanted}, written here: a reference is not possible`;
  if (written.value === null) return `${wanted}, but is empty`;
  if (wanted !== 'must be text' || typeof written.value === 'string') return wanted;
  return `${wanted}: write "${written.source}" in quotes${readAs(written.value, written.source)}`;
}

/** An account id such as 012345678901 loses its zero. */
function readAs(value: unknown, source: string): string {
  return String(value) === source ? '' : ` (without them it is read as ${String(value)})`;
}

function notOneOf(values: readonly string[], written: Located | undefined): string {
  if (written?.kind === 'scalar' && typeof written.value !== 'string' && values.includes(written.source)) {
    return `write "${written.source}" in quotes`;
  }
  const text = textOf(written);
  const hint = text === undefined ? '' : didYouMean(text, values);
  const known = values.length > 1 ? `one of ${values.join(', ')}` : values.join('');
  return text === undefined ? `must be ${known}` : `"${text}" is not known: must be ${known}${hint}`;
}

function tooSmall(origin: string, minimum: number | bigint): string {
  const isEmpty = minimum === 1 && ['string', 'array', 'object', 'record'].includes(origin);
  return isEmpty ? 'must not be empty' : `must be at least ${minimum}${unitOf(origin)}`;
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function lowerFirst(message: string): string {
  return /^[A-Z][a-z]/.test(message) ? message.charAt(0).toLowerCase() + message.slice(1) : message;
}
