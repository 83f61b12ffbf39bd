import type { Random } from '../../../src/simulator/random.ts';
import { DAY, HOUR } from '../records.ts';

export interface WalkKey {
  readonly id: string;
  readonly createdAt: number;
  readonly isActive: boolean;
  readonly usedAt?: number;
  readonly isAtRisk: boolean;
}

/** Somebody in an account, as every cloud can tell of them. */
export interface Person {
  readonly name: string;
  readonly number: number;
  readonly createdAt: number;
  readonly passwordAt?: number;
  readonly signedInAt?: number;
  readonly hasMfa: boolean;
  readonly isAbnormal: boolean;
  readonly certificateAt?: number;
  readonly keys: readonly WalkKey[];
}

/** The people of one account: the root first. */
export type People = readonly Person[];

/** So many users of every age; the root has all of what users have. */
export function settle(users: number, now: number, random: Random): People {
  return Array.from({ length: users + 1 }, (_, index) => {
    const born = now - random.below(300) * DAY;
    const name = index === 0 ? 'root' : `user-${index}`;
    return { ...newcomer(name, born, random), hasMfa: random.chance(0.5) };
  });
}

function newcomer(name: string, now: number, random: Random): Person {
  return {
    name,
    number: 100_000_000_000 + random.below(1_000_000_000),
    createdAt: now,
    ...(random.chance(0.5) ? { passwordAt: now } : {}),
    hasMfa: false,
    isAbnormal: false,
    keys: random.chance(0.7) ? [newKey(now, random)] : [],
  };
}

function newKey(now: number, random: Random): WalkKey {
  return {
    id: `AKIA${random.text('ABCDEFGHJKLMNPQRSTUVWXYZ234567', 16)}`,
    createdAt: now,
    isActive: true,
    isAtRisk: false,
  };
}

type Change = (person: Person, now: number, random: Random) => Person | undefined;

/** What may happen to somebody between two reports; undefined: they leave. */
const CHANGES: readonly Change[] = [
  (person, now) =>
    person.passwordAt === undefined
      ? { ...person, passwordAt: now }
      : without('passwordAt', { ...person, hasMfa: false }),
  (person) => without('signedInAt', person),
  (person) => ({ ...person, hasMfa: !person.hasMfa }),
  (person, now) => (person.passwordAt === undefined ? person : { ...person, signedInAt: now - HOUR }),
  (person) => ({ ...person, isAbnormal: !person.isAbnormal }),
  (person, now) => ({ ...person, certificateAt: now }),
  (person) => without('certificateAt', person),
  (person, now, random) =>
    person.keys.length === 2 ? person : { ...person, keys: [...person.keys, newKey(now, random)] },
  (person) => ({ ...person, keys: person.keys.slice(1) }),
  (person, now, random) => ({ ...person, keys: [...person.keys.slice(1), newKey(now, random)] }),
  (person) => ({ ...person, keys: person.keys.toReversed() }),
  (person) => withKeys(person, (key) => ({ ...key, isActive: !key.isActive })),
  (person, now) => withKeys(person, (key) => ({ ...key, usedAt: now - HOUR })),
  (person) => withKeys(person, (key) => ({ ...key, isAtRisk: !key.isAtRisk })),
  (person, _, random) => ({ ...person, name: `${person.name.split('.')[0]}.${random.below(3)}` }),
  ({ name }, now, random) => newcomer(name, now, random),
  () => undefined,
];

function without(field: 'passwordAt' | 'signedInAt' | 'certificateAt', person: Person): Person {
  const { [field]: _, ...others } = person;
  return others;
}

function withKeys(person: Person, change: (key: WalkKey) => WalkKey): Person {
  return { ...person, keys: person.keys.map(change) };
}

/** Some hours in the life of an account. The root stays who it is. */
export function live([root, ...users]: People, now: number, random: Random): People {
  const changed = (person: Person) => (random.chance(0.3) ? random.pick(CHANGES)(person, now, random) : person);
  const left = users.flatMap((user) => changed(user) ?? []);
  const hired = random.chance(0.5) ? [newcomer(`user-${random.below(40)}`, now, random)] : [];
  const all = new Map([...left, ...hired].map((user) => [user.name, user]));
  return root === undefined
    ? []
    : [{ ...(changed(root) ?? root), name: 'root', createdAt: root.createdAt }, ...all.values()];
}
