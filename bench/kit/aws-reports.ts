import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import { COLUMNS } from '../../src/providers/aws/credential-report/columns.ts';
import { type Random, seededRandom } from '../../src/simulator/random.ts';

const DAY_MS = 86_400_000;
const FOUR_HOURS_MS = 4 * 3_600_000;
const TEAMS = ['payments', 'platform', 'data-science', 'customer-support', 'infrastructure'] as const;
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
  readonly createdAt: Instant;
  readonly passwordAt: Instant | undefined;
  signedInAt: Instant | undefined;
  mfa: boolean;
  readonly keys: Key[];
}

export interface ReportPair {
  readonly before: string;
  readonly after: string;
}

/**
 * Two reports of one account, four hours apart, in the live form of 2026: a quarter of the users did something, one
 * in a hundred was changed, one in five hundred went and as many came.
 */
export function reportPair(accountId: string, users: number): ReportPair {
  const random = seededRandom(1, accountId);
  const people = Array.from({ length: users }, (_, index) => userOf(random, index));
  const before = csvOf(accountId, people);
  for (const user of people) live(random, user);
  const came = people.filter(() => random.chance(0.002)).map((_, index) => userOf(random, users + index));
  const stayed = people.filter(() => !random.chance(0.002));
  return { before, after: csvOf(accountId, [...stayed, ...came]) };
}

function userOf(random: Random, index: number): User {
  const createdAt = GENERATED_AT - DAY_MS - second(random.below(900 * DAY_MS));
  const later = () => createdAt + second(random.below(GENERATED_AT - DAY_MS - createdAt));
  const hasPassword = random.chance(0.7);
  return {
    name: `${random.pick(TEAMS)}.user-${String(index).padStart(5, '0')}`,
    createdAt,
    passwordAt: hasPassword ? later() : undefined,
    signedInAt: hasPassword && random.chance(0.8) ? later() : undefined,
    mfa: hasPassword && random.chance(0.85),
    keys: [0.7, 0.4].filter((share) => random.chance(share)).map(() => keyOf(random, later())),
  };
}

function keyOf(random: Random, rotated: Instant): Key {
  const used = random.chance(0.75) ? rotated + second(random.below(GENERATED_AT - rotated)) : undefined;
  return { active: random.chance(0.8), rotated, used, region: random.pick(REGIONS), service: random.pick(SERVICES) };
}

function live(random: Random, user: User): void {
  const now = GENERATED_AT + second(random.below(FOUR_HOURS_MS));
  const [first] = user.keys;
  if (first !== undefined && random.chance(0.2)) first.used = now;
  if (user.signedInAt !== undefined && random.chance(0.1)) user.signedInAt = now;
  if (!random.chance(0.01)) return;
  if (first === undefined) user.keys.push(keyOf(random, now));
  else if (random.chance(0.5)) first.active = !first.active;
  else first.rotated = now;
}

function csvOf(accountId: string, users: readonly User[]): string {
  const root = `<root_account>,arn:aws:iam::${accountId}:root,2019-01-01T00:00:00Z,true,no_information,2019-01-01T00:00:00Z,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`;
  return [COLUMNS.join(','), root, ...users.map((user) => rowOf(accountId, user))].join('\n');
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
