import { validationError } from './aws-error.ts';
import type { Form, Xml } from './aws-query.ts';

interface Page<T> {
  readonly members: readonly T[];
  readonly tail: { readonly [name: string]: Xml };
}

/** `MaxItems` 1 to 1000, 100 by default. The marker names the last one that was given, so that pages survive changes. */
export function pageOf<T>(form: Form, all: readonly T[], keyOf: (member: T) => string): Page<T> {
  const text = form.get('MaxItems') ?? '100';
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 1_000)
    throw validationError(
      `1 validation error detected: Value '${text}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000`,
    );
  const after = readMarker(form.get('Marker'));
  const rest = after === undefined ? all : all.filter((member) => keyOf(member) > after);
  const members = rest.slice(0, limit);
  const last = members.at(-1);
  if (last === undefined || rest.length <= limit) return { members, tail: { IsTruncated: false } };
  return { members, tail: { IsTruncated: true, Marker: Buffer.from(`m:${keyOf(last)}`).toString('base64') } };
}

function readMarker(marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined;
  const text = Buffer.from(marker, 'base64').toString('utf8');
  if (!text.startsWith('m:')) throw validationError('Invalid Marker.');
  return text.slice(2);
}
