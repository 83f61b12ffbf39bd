import { formatInstant, type Instant } from '../../domain/instant.ts';
import { HEADER } from '../../simulator/aws/credential-report.ts';
import { type Random, seededRandom } from '../../simulator/random.ts';

const DAY_MS = 86_400_000;
const FOUR_HOURS_MS = 4 * 3_600_000;
const TEAMS = ['payments', 'platform', 'data-science', 'customer-support', 'infrastructure'] as const;
const BUSY = 0.6;
const SERVICES = ['s3', 'ec2', 'sts', 'lambda', 'dynamodb'] as const;
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;
export const GENERATED_AT: Instant = Date.UTC(2026, 10, 20, 8);

interface Key {
  active: boolean;
  rotated: Instant;
  used: Instant | undefined;
  readonly region: string;
  readonly service: string;
}

interface User {
  readonly name: string;
  /** Most people come back within days, and the others not at all. */
  readonly isBusy: boolean;
  readonly createdAt: Instant;
  readonly passwordAt: Instant | undefined;
  signedInAt: Instant | undefined;
  mfa: boolean;
  readonly keys: Key[];
}

interface ReportPair {
  readonly before: string;
  readonly after: string;
}

/** How much happens to a user between two reports, each from 0 to 1; only a busy one uses a key or signs in. */
export interface Rates {
  readonly usesKey: number;
  readonly signsIn: number;
  /** A key made, rotated, switched on or off. */
  readonly changes: number;
  /** As many come as go. */
  readonly goes: number;
}

/** Two reports of one made-up AWS account, four hours apart, in the live form of 2026. The same each time. */
export function reportPair(accountId: string, users: number, rates: Rates): ReportPair {
  const random = seededRandom(1, accountId);
  const people = Array.from({ length: users }, (_, index) => userOf(random, index));
  const before = csvOf(accountId, people);
  for (const user of people) live(random, user, rates);
  const came = people.filter(() => random.chance(rates.goes)).map((_, index) => userOf(random, users + index));
  const stayed = people.filter(() => !random.chance(rates.goes));
  return { before, after: csvOf(accountId, [...stayed, ...came]) };
}

function userOf(random: Random, index: number): User {
  const createdAt = GENERATED_AT - DAY_MS - second(random.below(900 * DAY_MS));
  const later = () => createdAt + second(random.below(GENERATED_AT - DAY_MS - createdAt));
  const hasPassword = random.chance(0.7);
  const isBusy = random.chance(BUSY);
  const lately = () => Math.max(createdAt, GENERATED_AT - second(random.below(3 * DAY_MS)));
  return {
    isBusy,
    name: `${random.pick(TEAMS)}.user-${String(index).padStart(5, '0')}`,
    createdAt,
    passwordAt: hasPassword ? later() : undefined,
    signedInAt: hasPassword && random.chance(0.8) ? (isBusy ? lately() : later()) : undefined,
    mfa: hasPassword && random.chance(0.85),
    keys: [0.7, 0.4]
      .filter((share) => random.chance(share))
      .map(() => keyOf(random, later(), isBusy ? lately() : undefined)),
  };
}

function keyOf(random: Random, rotated: Instant, lately?: Instant): Key {
  const later = rotated + second(random.below(Math.max(1, GENERATED_AT - rotated)));
  const used = random.chance(0.75) ? Math.max(rotated, lately ?? later) : undefined;
  return { active: random.chance(0.8), rotated, used, region: random.pick(REGIONS), service: random.pick(SERVICES) };
}

function live(random: Random, user: User, { usesKey, signsIn, changes }: Rates): void {
  const now = GENERATED_AT + second(random.below(FOUR_HOURS_MS));
  const [first] = user.keys;
  if (user.isBusy && first?.used !== undefined && random.chance(usesKey)) first.used = now;
  if (user.isBusy && user.signedInAt !== undefined && random.chance(signsIn)) user.signedInAt = now;
  if (!random.chance(changes)) return;
  if (first === undefined) user.keys.push(keyOf(random, now));
  else if (random.chance(0.5)) first.active = !first.active;
  else first.rotated = now;
}

function csvOf(accountId: string, users: readonly User[]): string {
  const root = `<root_account>,arn:aws:iam::${accountId}:root,2019-01-01T00:00:00Z,true,no_information,2019-01-01T00:00:00Z,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`;
  return [HEADER, root, ...users.map((user) => rowOf(accountId, user))].join('\n');
}

function rowOf(accountId: string, { name, createdAt, passwordAt, signedInAt, mfa, keys }: User): string {
  const used = signedInAt === undefined ? 'no_information' : formatInstant(signedInAt);
  const password = passwordAt === undefined ? 'false,N/A,N/A,N/A' : `true,${used},${formatInstant(passwordAt)},N/A`;
  const arn = `arn:aws:iam::${accountId}:user/${name}`;
  return `${name},${arn},${formatInstant(createdAt)},${password},${mfa},${slot(keys[0])},${slot(keys[1])},false,N/A,false,N/A`;
}

function slot(key: Key | undefined): string {
  if (key === undefined) return 'false,N/A,N/A,N/A,N/A';
  const used = key.used === undefined ? 'N/A,N/A,N/A' : `${formatInstant(key.used)},${key.region},${key.service}`;
  return `${key.active},${formatInstant(key.rotated)},${used}`;
}

function second(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
