import type { AccessIdentity } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { reason } from '../../../kit/row-reader.ts';
import type { CamApi } from '../api.ts';
import { listPeople, type MissingList } from '../credential-report/listing.ts';
import { idOf } from '../credential-report/row-cells.ts';
import { readZoned } from '../credential-report/zone.ts';
import type { Work } from './desk.ts';

/** Somebody who can have keys and policies. */
export interface Person {
  readonly uin: number;
  readonly identity: AccessIdentity;
}

/** Message receivers have neither keys nor policies, and the main account tells nobody of its own. */
const WITHOUT_ACCESS: readonly string[] = ['Owner', 'MessageReceiver'];

/** By the lists of the credential report; each once, in the order of their ids. */
export async function listOwners(
  api: CamApi,
  work: Work,
): Promise<{ readonly people: readonly Person[]; readonly missing: readonly MissingList[] }> {
  const { people, missing } = await listPeople(api, work.pages, work.asker);
  const owners = new Map<number, Person>();
  for (const person of people) {
    const { Uin: uin, Name: name, UserType, CreateTime } = person;
    if (uin === undefined || WITHOUT_ACCESS.includes(UserType)) continue;
    const createdAt = createdField(CreateTime, work);
    owners.set(uin, { uin, identity: { kind: 'user', name, id: idOf(person), createdAt } });
  }
  const sorted = [...owners.values()].toSorted((one, other) => one.uin - other.uin);
  return { people: sorted, missing: missing.filter(({ type }) => type !== 'MessageReceiver') };
}

export function createdField(told: string | undefined, { desk }: Work): Field<Instant> {
  const at = told === undefined ? undefined : readZoned(told, desk.timeZone);
  return at === undefined ? reason('unknown', 'the cloud names no time') : { value: at };
}
