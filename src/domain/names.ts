declare const brand: unique symbol;

/** `aws/123456789012/credential-report`: one account's one report kind. Safe as a path: see parseSourceName. */
export type SourceName = string & { readonly [brand]: 'SourceName' };
/** A sink's name in the config. Safe as a path segment. */
export type SinkName = string & { readonly [brand]: 'SinkName' };

export interface SourceParts {
  readonly provider: string;
  readonly accountId: string;
  readonly kind: string;
}

const SOURCE = /^([a-z][a-z0-9-]{0,31})\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/([a-z][a-z0-9-]{0,47})$/;
const SINK = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Undefined when a part could leave its place (slashes, dots, NUL, anything outside the allow-list). */
export function parseSourceName(text: string): SourceName | undefined {
  return SOURCE.test(text) ? (text as SourceName) : undefined; // the pattern is the brand
}

export function sourceName(parts: SourceParts): SourceName {
  const name = parseSourceName(`${parts.provider}/${parts.accountId}/${parts.kind}`);
  if (name === undefined) throw new RangeError(`not a source name: ${JSON.stringify(parts)}`);
  return name;
}

export function splitSource(name: SourceName): SourceParts {
  const [provider = '', accountId = '', kind = ''] = name.split('/');
  return { provider, accountId, kind };
}

export function parseSinkName(text: string): SinkName | undefined {
  return SINK.test(text) ? (text as SinkName) : undefined; // the pattern is the brand
}
