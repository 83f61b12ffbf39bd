import fc from 'fast-check';
import type { Part, RawReport } from '../../../src/domain/report.ts';
import { fastIso } from '../../../src/kit/fast-iso.ts';
import { atOnce } from '../../../src/kit/steps.ts';
import { KEY_USE_PART, writeKeyUse } from '../../../src/providers/shared/key-use-table.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../../src/providers/shared/service-access-table.ts';
import type { Random } from '../../../src/simulator/random.ts';
import { accessRows, keyRows } from '../audit-arbitraries.ts';
import type { People, Person, WalkKey } from './people.ts';

type Row = readonly (readonly [column: string, cell: string])[];
type WriteRow = (person: Person, isRoot: boolean) => Row;

/** Rows whose cells are now and then nothing that anybody understands, without a column now and then. */
function csvOf(people: People, writeRow: WriteRow, optional: RegExp, random: Random): string {
  const rows = people.map((person, index) => writeRow(person, index === 0));
  const isDropped = random.chance(0.1);
  const kept = rows.map((row) => row.filter(([column]) => !isDropped || !optional.test(column)));
  const cell = ([, text]: Row[number], at: number) => (at > 2 && random.chance(0.004) ? 'odd?' : text);
  const header = kept[0]?.map(([column]) => column) ?? [];
  return [header, ...kept.map((row) => row.map(cell))].map((cells) => cells.join(',')).join('\n');
}

const instant = (at: number | undefined, none: string) => (at === undefined ? none : fastIso(at));
const word = (flag: boolean) => String(flag);
const shout = (flag: boolean) => word(flag).toUpperCase();
const slots = (person: Person): readonly (readonly [number, WalkKey | undefined])[] =>
  [0, 1].map((slot) => [slot + 1, person.keys[slot]]);

const ofAws =
  (account: string): WriteRow =>
  (person, isRoot) => [
    ['user', isRoot ? '<root_account>' : person.name],
    ['arn', `arn:aws:iam::${account}:${isRoot ? 'root' : `user/${person.name}`}`],
    ['user_creation_time', fastIso(person.createdAt)],
    ['password_enabled', word(person.passwordAt !== undefined)],
    ['password_last_used', instant(person.signedInAt, person.passwordAt === undefined ? 'N/A' : 'no_information')],
    ['password_last_changed', instant(person.passwordAt, 'N/A')],
    ['password_next_rotation', 'N/A'],
    ['mfa_active', word(person.hasMfa)],
    ...slots(person).flatMap(
      ([slot, key]): Row => [
        [`access_key_${slot}_active`, word(key?.isActive === true)],
        [`access_key_${slot}_last_rotated`, instant(key?.createdAt, 'N/A')],
        [`access_key_${slot}_last_used_date`, instant(key?.usedAt, 'N/A')],
        [`access_key_${slot}_last_used_region`, key?.usedAt === undefined ? 'N/A' : 'eu-central-1'],
        [`access_key_${slot}_last_used_service`, key?.usedAt === undefined ? 'N/A' : 's3'],
      ],
    ),
    ['cert_1_active', word(person.certificateAt !== undefined)],
    ['cert_1_last_rotated', instant(person.certificateAt, 'N/A')],
    ['cert_2_active', 'false'],
    ['cert_2_last_rotated', 'N/A'],
  ];

const ofAlibaba: WriteRow = (person, isRoot) => {
  const has = person.passwordAt !== undefined;
  return [
    ['user', isRoot ? '<root>' : `${person.name}@corp.onaliyun.com`],
    ['user_creation_time', fastIso(person.createdAt)],
    ['user_last_logon', has ? instant(person.signedInAt, '-') : 'N/A'],
    ['password_exist', shout(has || isRoot)],
    ['password_active', has ? 'TRUE' : 'N/A'],
    ['password_last_changed', instant(person.passwordAt, 'N/A')],
    ['password_next_rotation', has ? '-' : 'N/A'],
    ['mfa_active', has ? shout(person.hasMfa) : 'N/A'],
    ...slots(person).flatMap(
      ([slot, key]): Row => [
        [`access_key_${slot}_exist`, shout(key !== undefined)],
        [`access_key_${slot}_active`, key === undefined ? 'N/A' : shout(key.isActive)],
        [`access_key_${slot}_last_rotated`, instant(key?.createdAt, 'N/A')],
        [`access_key_${slot}_last_used`, key === undefined ? 'N/A' : instant(key.usedAt, '-')],
      ],
    ),
  ];
};

const zoned = (at: number | undefined, none: string) =>
  at === undefined
    ? none
    : fastIso(at + 8 * 3_600_000)
        .replace('T', ' ')
        .replace('Z', '');

const ofTencent: WriteRow = (person) => [
  ['Account ID', String(person.number)],
  ['Username', person.name],
  ['UserType', person.number % 9 === 0 ? 'Collaborator' : 'Sub-user'],
  ['CreationTime', zoned(person.createdAt, 'N/A')],
  ['PasswordEnabled', shout(person.passwordAt !== undefined)],
  ['PasswordLastRotation', zoned(person.passwordAt, 'FALSE')],
  ['LoginConsoleActive', shout(person.passwordAt !== undefined)],
  ['LoginProtectionActive', shout(person.hasMfa)],
  ['OperationProtectionActive', shout(person.hasMfa)],
  ['MFADeviceActive', shout(person.hasMfa)],
  ['Abnormal LoginsNumWithin30Days', shout(person.isAbnormal)],
  ...slots(person).flatMap(
    ([slot, key]): Row => [
      [`AccessKey${slot}SecretId`, key?.id ?? 'N/A'],
      [`AccessKey${slot}MayBeAtRisk`, key === undefined ? 'N/A' : shout(key.isAtRisk)],
      [`AccessKey${slot}CreationTime`, zoned(key?.createdAt, 'N/A')],
      [`AccessKey${slot}Status`, key === undefined ? 'N/A' : key.isActive ? 'Active' : 'Disable'],
      [`AccessKey${slot}lastUsedDate`, zoned(key?.usedAt, 'N/A')],
      [`AccessKey${slot}CreatedOver90Days`, 'FALSE'],
      [`AccessKey${slot}CreatedOver30Days`, 'FALSE'],
    ],
  ),
  ['Last Console Login Time', zoned(person.signedInAt, 'N/A')],
];

const OPTIONAL: Readonly<Record<string, RegExp>> = {
  aws: /^cert_|_last_used_(?:region|service)$/,
  alibaba: /^user_last_logon$/,
  tencent: /^Abnormal |MayBeAtRisk$|^Last Console/,
};

export function tableOf(provider: string, account: string, people: People, random: Random): string {
  const optional = OPTIONAL[provider] ?? /^$/;
  if (provider === 'aws') return csvOf(people, ofAws(account), optional, random);
  if (provider === 'alibaba') return csvOf(people, ofAlibaba, optional, random);
  return csvOf(people.slice(1), ofTencent, optional, random);
}

const json = (name: string, value: object): Part => ({ name, bytes: Buffer.from(JSON.stringify(value)) });

/** What is asked beside the table, where that is allowed today. */
function besideOf(
  provider: string,
  account: string,
  [, ...users]: People,
  now: number,
  random: Random,
): readonly Part[] {
  const asked_at = fastIso(now);
  const listed = users.map((user) => ({
    name: user.name,
    user_id: `ID${user.number}`,
    arn: `arn:aws:iam::${account}:user/${user.name}`,
    created: fastIso(user.createdAt),
    asked_at,
    keys: user.keys.map(({ id, createdAt, isActive }) => ({
      id,
      created: fastIso(createdAt),
      status: isActive ? 'Active' : 'Inactive',
    })),
  }));
  const services = users.slice(0, random.below(4)).map(({ name, createdAt }) => ({
    user_name: name,
    id: `ACCA${name}`,
    service: 'bedrock',
    status: random.pick(['Active', 'Inactive']),
    created: fastIso(createdAt),
  }));
  const all: readonly Part[] =
    {
      aws: [
        json('access-keys.json', { version: 1, users_asked_at: asked_at, users: listed }),
        json('service-credentials.json', { version: 1, asked_at, credentials: services }),
        json('root-mfa.json', { version: 1, asked_at, is_virtual: random.chance(0.5) }),
      ],
      alibaba: [json('access-keys.json', { version: 1, users_asked_at: asked_at, users: listed })],
    }[provider] ?? [];
  return all.filter(() => random.chance(0.6));
}

/** Of this kind, as its provider would hand it over. */
export function reportOf(source: string, people: People, now: number, random: Random): RawReport {
  const [provider = '', account = '', kind] = source.split('/');
  const common = { generatedAt: now, collectedAt: now + 2_000, requestIds: [], notVisible: [] };
  if (kind === 'access-audit' || kind === 'key-audit') {
    return { ...common, origin: 'synthesised', parts: [auditPart(kind, random)] };
  }
  const table: Part = { name: 'report.csv', bytes: Buffer.from(tableOf(provider, account, people, random)) };
  const beside = provider === 'tencent' ? [answersPart(now)] : besideOf(provider, account, people, now, random);
  return { ...common, origin: provider === 'tencent' ? 'synthesised' : 'provider', parts: [table, ...beside] };
}

function answersPart(now: number): Part {
  const whole = { types: ['SubUser', 'Collaborator'], failed: [], dropped: [] };
  return json('answers.json', {
    version: 1,
    site: 'mainland',
    time_zone: 'Asia/Shanghai',
    started_at: fastIso(now),
    ...whole,
  });
}

function auditPart(kind: 'access-audit' | 'key-audit', random: Random): Part {
  const options = { numRuns: 1, seed: random.below(2 ** 31) };
  if (kind === 'key-audit') {
    const [rows = []] = fc.sample(keyRows, options);
    return { name: KEY_USE_PART, bytes: atOnce(writeKeyUse(rows)) };
  }
  const [rows = []] = fc.sample(accessRows, options);
  return { name: SERVICE_ACCESS_PART, bytes: atOnce(writeServiceAccess(rows)) };
}
