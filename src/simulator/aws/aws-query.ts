import type { AwsError } from './aws-error.ts';

/** What an AWS Query answer is made of: a Map becomes entries, an array members, undefined nothing. */
export type Xml =
  | string
  | number
  | boolean
  | undefined
  | readonly Xml[]
  | ReadonlyMap<string, Xml>
  | { readonly [name: string]: Xml };

export type Form = ReadonlyMap<string, string>;

const NAMESPACES = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const;
type QueryService = keyof typeof NAMESPACES;
export type AwsService = QueryService | 'organizations' | 'cloudtrail';

const VERSIONS: ReadonlyMap<string, QueryService> = new Map([
  ['2010-05-08', 'iam'],
  ['2011-06-15', 'sts'],
]);

export function parseForm(query: string, body: Buffer): Form {
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(body.toString('utf8'))]);
}

/** One address serves both: the version of the protocol tells them apart. */
export function serviceOf(form: Form): QueryService | undefined {
  return VERSIONS.get(form.get('Version') ?? '');
}

export function writeAnswer(service: QueryService, action: string, result: Xml, requestId: string): string {
  const answer = `<${action}Result>${inner(result)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${NAMESPACES[service]}">${answer}${metadata}</${action}Response>`;
}

export function writeError(service: QueryService, error: AwsError, requestId: string): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const said = error.said === undefined ? '' : `<Message>${escaped(error.said)}</Message>`;
  const parts = `<Error><Type>${type}</Type><Code>${error.code}</Code>${said}</Error>`;
  return `<ErrorResponse xmlns="${NAMESPACES[service]}">${parts}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function inner(xml: Xml): string {
  if (xml === undefined) return '';
  if (typeof xml === 'string') return escaped(xml);
  if (typeof xml !== 'object') return String(xml);
  if (isList(xml)) return xml.map((member) => `<member>${inner(member)}</member>`).join('');
  if (xml instanceof Map)
    return [...xml]
      .map(([key, value]) => `<entry><key>${escaped(key)}</key><value>${inner(value)}</value></entry>`)
      .join('');
  return Object.entries(xml)
    .map(([name, child]) => (child === undefined ? '' : `<${name}>${inner(child)}</${name}>`))
    .join('');
}

/** Array.isArray does not narrow readonly arrays. */
function isList(xml: Xml): xml is readonly Xml[] {
  return Array.isArray(xml);
}

function escaped(text: string): string {
  if (!/[&<>"'\r]/.test(text)) return text;
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
