import { type HistoryLine, type Person, peopleAt, visibleKeys } from './history-reader.ts';

/**
 * The second reader: what Muster should have told of two reports, worked out from what truly happened and from
 * docs/events.md alone. It shares no code with src/derive, and must not.
 */

/** The changes that this reader works out. Uses of keys and passwords, certificates and the like it leaves to unit tests. */
export const CHANGES_READ: ReadonlySet<string> = new Set([
  'user.created',
  'user.deleted',
  'user.renamed',
  'console.enabled',
  'console.disabled',
  'password.changed',
  'mfa.enabled',
  'mfa.disabled',
  'access_key.created',
  'access_key.rotated',
  'access_key.activated',
  'access_key.deactivated',
  'access_key.deleted',
]);

/** The checks whose findings this reader works out. */
export const CHECKS_READ: ReadonlySet<string> = new Set([
  'root.key.exists',
  'root.mfa.missing',
  'user.console.no_mfa',
  'user.key.too_old',
  'user.key.two_active',
  'user.password_and_key',
]);

/** One change, in words that can be compared: type, account, user, key (its creation), the key's id, what it replaced. */
export function expectedChanges(
  history: readonly HistoryLine[],
  account: string,
  before: number,
  after: number,
): string[] {
  const was = peopleAt(history, account, before);
  const is = peopleAt(history, account, after);
  const told: string[] = [];
  for (const [key, person] of is) told.push(...changesOf(was.get(key), person));
  for (const [key, person] of was) if (!is.has(key)) told.push(...departure(person));
  return told.map((text) => `${account} ${text}`).sort();
}

function changesOf(was: Person | undefined, is: Person): string[] {
  if (was === undefined) return arrival(is);
  const renamed = was.name === is.name ? [] : [`user.renamed ${is.name}`];
  return [...renamed, ...consoleChanges(was, is), ...mfaChanges(was, is), ...keyChanges(was, is)];
}

function arrival(person: Person): string[] {
  return [
    `user.created ${person.name}`,
    ...(person.passwordAt === undefined ? [] : [`console.enabled ${person.name}`]),
    ...visibleKeys(person).map((key) => `access_key.created ${person.name} ${key.at} ${idOf(person, key)}`),
  ];
}

function departure(person: Person): string[] {
  return [
    `user.deleted ${person.name}`,
    ...visibleKeys(person).map((key) => `access_key.deleted ${person.name} ${key.at} ${idOf(person, key)}`),
  ];
}

function consoleChanges(was: Person, is: Person): string[] {
  if (was.passwordAt === undefined && is.passwordAt !== undefined) return [`console.enabled ${is.name}`];
  if (was.passwordAt !== undefined && is.passwordAt === undefined) return [`console.disabled ${is.name}`];
  return was.passwordAt === is.passwordAt ? [] : [`password.changed ${is.name}`];
}

function mfaChanges(was: Person, is: Person): string[] {
  if (was.mfa === is.mfa) return [];
  return [`mfa.${is.mfa ? 'enabled' : 'disabled'} ${is.name}`];
}

/** A key gone and a key new are a rotation: the oldest gone with the oldest new. */
function keyChanges(was: Person, is: Person): string[] {
  const [old, now] = [visibleKeys(was), visibleKeys(is)];
  const told: string[] = [];
  for (const key of now) {
    const before = old.find(({ id }) => id === key.id);
    if (before === undefined || before.active === key.active) continue;
    told.push(`access_key.${key.active ? 'activated' : 'deactivated'} ${is.name} ${key.at} ${idOf(is, key)}`);
  }
  const byAge = (one: { at: string }, other: { at: string }) => one.at.localeCompare(other.at);
  const gone = old.filter(({ id }) => !now.some((key) => key.id === id)).sort(byAge);
  const born = now.filter(({ id }) => !old.some((key) => key.id === id)).sort(byAge);
  for (let index = 0; index < Math.max(gone.length, born.length); index += 1) {
    const [lost, made] = [gone[index], born[index]];
    if (lost !== undefined && made !== undefined)
      told.push(`access_key.rotated ${is.name} ${made.at} ${idOf(is, made)} for ${lost.at}`);
    else if (made !== undefined) told.push(`access_key.created ${is.name} ${made.at} ${idOf(is, made)}`);
    else if (lost !== undefined) told.push(`access_key.deleted ${is.name} ${lost.at} ${idOf(is, lost)}`);
  }
  return told;
}

/** AWS tells the ids of nobody's root keys. */
function idOf(person: Person, key: { readonly id: string }): string {
  return person.isRoot ? '?' : key.id;
}

const DAY_MS = 86_400_000;
const OLDEST_DAYS = 90;

/** What is wrong in one account as of `generatedAt`: check, severity, user, key. */
export function expectedFindings(
  history: readonly HistoryLine[],
  account: string,
  seq: number,
  generatedAt: string,
): string[] {
  const told: string[] = [];
  for (const person of peopleAt(history, account, seq).values()) {
    const keys = visibleKeys(person);
    if (person.isRoot) {
      if (person.passwordAt !== undefined && !person.mfa) told.push(`root.mfa.missing critical ${person.name} -`);
      for (const key of keys) told.push(`root.key.exists ${key.active ? 'critical' : 'high'} ${person.name} ${key.at}`);
    } else {
      if (person.passwordAt !== undefined && !person.mfa) told.push(`user.console.no_mfa high ${person.name} -`);
      const inUse = keys.filter(({ active }) => active);
      if (inUse.length > 1) told.push(`user.key.two_active medium ${person.name} -`);
      if (inUse.length > 0 && person.passwordAt !== undefined) told.push(`user.password_and_key low ${person.name} -`);
      for (const key of inUse) {
        const days = Math.floor((Date.parse(generatedAt) - Date.parse(key.at)) / DAY_MS);
        if (days > OLDEST_DAYS) told.push(`user.key.too_old medium ${person.name} ${key.at}`);
      }
    }
  }
  return told.map((text) => `${account} ${text}`).sort();
}

/** Every identity with what an inventory event must say of it. */
export function expectedInventory(history: readonly HistoryLine[], account: string, seq: number): string[] {
  return [...peopleAt(history, account, seq).values()]
    .map((person) => {
      const keys = visibleKeys(person).map(({ at, active }) => `${at}/${active}`);
      return `${account} ${person.name} console:${person.passwordAt !== undefined} mfa:${person.mfa} keys:${keys.sort().join('+')}`;
    })
    .sort();
}
