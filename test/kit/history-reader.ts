/** A line of `/_simulator/history`, as src/simulator/README.md describes it. */
export interface HistoryLine {
  readonly seq: number;
  readonly at: string;
  readonly account: string;
  readonly action: string;
  readonly user: string;
  readonly user_id: string;
  readonly key_id?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A line of `/_simulator/reports`. */
export interface ServedReport {
  readonly account: string;
  readonly generated_at: string;
  readonly sha256: string;
  readonly history_seq: number;
  readonly rows: number;
  readonly served: number;
}

interface Key {
  readonly id: string;
  /** Whole seconds, as a report shows it. */
  readonly at: string;
  active: boolean;
}

/** One user, or the root, as it truly was. */
export interface Person {
  readonly isRoot: boolean;
  name: string;
  path: string;
  passwordAt: string | undefined;
  mfa: boolean;
  readonly keys: Map<string, Key>;
}

/** Everybody in the account when `seq` was the newest entry, by unique id: a renamed user keeps it. */
export function peopleAt(history: readonly HistoryLine[], account: string, seq: number): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>([[account, newPerson('<root_account>', true)]]);
  for (const line of history) {
    if (line.seq > seq || line.account !== account) continue;
    const action = line.action.replace(/^root\./, '');
    if (action === 'user.created')
      people.set(line.user_id, newPerson(line.user, false, String(line.details?.['path'])));
    const person = people.get(line.user_id);
    if (person === undefined) throw new Error(`the history tells of ${line.user} before its creation`);
    if (action === 'user.deleted') people.delete(line.user_id);
    else apply(person, action, line);
  }
  return people;
}

/** A report has two places for keys, and they go by id. */
export function visibleKeys(person: Person): readonly Readonly<Key>[] {
  return [...person.keys.values()].sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, 2);
}

function apply(person: Person, action: string, { at, key_id: id = '', details }: HistoryLine): void {
  switch (action) {
    case 'user.renamed':
      person.name = String(details?.['to']);
      break;
    case 'password.created':
    case 'password.changed':
      person.passwordAt = wholeSecond(at);
      break;
    case 'password.deleted':
      person.passwordAt = undefined;
      break;
    case 'mfa.enabled':
    case 'mfa.disabled':
      person.mfa = action === 'mfa.enabled';
      break;
    case 'key.created':
      person.keys.set(id, { id, at: wholeSecond(at), active: details?.['status'] === 'Active' });
      break;
    case 'key.deleted':
      person.keys.delete(id);
      break;
    case 'key.activated':
    case 'key.deactivated':
      person.keys.get(id)!.active = action === 'key.activated';
      break;
    default: // uses, certificates and service credentials make no change and no finding
  }
}

function newPerson(name: string, isRoot: boolean, path = '/'): Person {
  return { isRoot, name, path, passwordAt: undefined, mfa: false, keys: new Map() };
}

function wholeSecond(at: string): string {
  return `${at.slice(0, 19)}Z`;
}
