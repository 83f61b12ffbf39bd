import type { LoadedReport } from '../../domain/loaded.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { type Field, valueOf } from '../../domain/record.ts';
import type { ParsedReport } from '../../domain/report.ts';

/** Somebody or something that a name given on the command line may mean. */
export interface Subject {
  readonly provider: string;
  readonly accountId: string;
  /** Your alias of the account. */
  readonly account: string;
  /** The identity itself, or whose key it is. */
  readonly identity: { readonly kind: string; readonly id: string; readonly name: string };
  readonly key?: { readonly id: string; readonly createdAt?: number };
}

interface Named {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly uniqueId?: string;
}

/** All in a report that this text names, but for capitals: a key's id, or an identity's name, id or unique id; `root` of any cloud. */
export function subjectsIn({ entry, context, parsed }: LoadedReport, text: string): readonly Subject[] {
  const place = { ...placeOf(entry.source), account: context.account.name };
  const { records, keyUses = [] } = parsed;
  const keys = [
    ...records.flatMap(({ identity, accessKeys }) => accessKeys.map((key) => ({ owner: identity, key }))),
    ...keyUses.map(({ owner, key }) => ({ owner, key })),
  ];
  return [
    ...identitiesIn(parsed)
      .filter((one) => isNamed(one, text))
      .map((one) => ({ ...place, identity: plain(one) })),
    ...keys.flatMap(({ owner, key: { id, createdAt } }) =>
      isText(id, text) ? [{ ...place, identity: plain(owner), key: { id, ...madeAt(createdAt) } }] : [],
    ),
  ];
}

/** Everybody whom a report names: its rows, and the owners of keys. */
export function identitiesIn({ records, access = [], keyUses = [] }: ParsedReport): readonly Named[] {
  return [
    ...records.map(({ identity }) => identity),
    ...access.map(({ identity }) => identity),
    ...keyUses.map(({ owner }) => owner),
  ];
}

function placeOf(source: SourceName) {
  const { provider, accountId } = splitSource(source);
  return { provider, accountId };
}

function isNamed({ kind, id, name, uniqueId }: Named, text: string): boolean {
  return [id, name, uniqueId, ...(kind === 'root' ? [kind] : [])].some((one) => isText(one, text));
}

function isText(name: string | undefined, text: string): name is string {
  return name?.toLowerCase() === text.toLowerCase();
}

/** Who is named exactly so; all, where nobody is. */
export function bestOf(subjects: readonly Subject[], text: string): readonly Subject[] {
  const exact = subjects.filter(({ identity: { id, name }, key }) =>
    key === undefined ? id === text || name === text : key.id === text,
  );
  return exact.length > 0 ? exact : subjects;
}

function plain({ kind, id, name }: Named): Subject['identity'] {
  return { kind, id, name };
}

function madeAt(field: Field<number>): { readonly createdAt?: number } {
  const createdAt = valueOf(field);
  return createdAt === undefined ? {} : { createdAt };
}

/** One for each of the world: reports name the same again and again. What tells most of a key stands for it. */
export function distinct(subjects: readonly Subject[]): readonly Subject[] {
  const found = new Map<string, Subject>();
  for (const subject of subjects) {
    const { provider, accountId, identity, key } = subject;
    const name = JSON.stringify([provider, accountId, key === undefined ? [identity.kind, identity.id] : key.id]);
    if (found.get(name)?.key?.createdAt === undefined) found.set(name, subject);
  }
  return [...found.values()];
}

export function describeSubject({ provider, accountId, account, identity, key }: Subject): string {
  const where = `${account} (${provider}/${accountId})`;
  const who = `${identity.kind} ${identity.name} (${identity.id})`;
  return key === undefined ? `${who} in ${where}` : `access key ${key.id} of ${who} in ${where}`;
}
