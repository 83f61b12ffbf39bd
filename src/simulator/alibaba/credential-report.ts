import { writeCsv } from '../../kit/csv-write.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import { type AccessKey, type Identity, principalName, type SimulatedAccount } from './model.ts';

const DAY_MS = 86_400_000;
const CELLS = ['exist', 'active', 'last_rotated', 'last_used'];
const BASE = [
  'user',
  'user_creation_time',
  'user_last_logon',
  'password_exist',
  'password_active',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
];

/** Header, root, users by name: as lines, because pages are cut between them. */
export function reportLines(account: SimulatedAccount): readonly string[] {
  const users = [...account.users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const identities = [account.root, ...users];
  const most = Math.max(2, ...identities.map(({ accessKeys }) => accessKeys.length));
  const slots = Array.from({ length: most }, (_, index) =>
    index < 2 ? `access_key_${index + 1}` : `additional_access_key_${index - 1}`,
  );
  const header = [...BASE, ...slots.flatMap((slot) => CELLS.map((cell) => `${slot}_${cell}`))];
  const rows = identities.map((identity) => row(account, identity, most));
  return [header, ...rows].map((cells) => writeCsv([cells]).trimEnd());
}

function row(account: SimulatedAccount, identity: Identity, slots: number): readonly string[] {
  const keys = Array.from({ length: slots }, (_, index) => keyCells(identity.accessKeys[index]));
  return [
    principalName(account, identity),
    formatSecond(identity.createdAt),
    ...consoleCells(account, identity),
    ...keys.flat(),
  ];
}

function consoleCells(account: SimulatedAccount, identity: Identity): readonly string[] {
  const logon = identity.lastLogonAt === undefined ? '-' : formatSecond(identity.lastLogonAt);
  const mfa = identity.mfa ? 'TRUE' : 'FALSE';
  const { console } = identity;
  if (identity.kind === 'root') return [logon, 'TRUE', 'N/A', formatSecond(console?.changedAt ?? 0), 'N/A', mfa];
  if (console === undefined) return [logon, 'FALSE', 'N/A', 'N/A', 'N/A', 'N/A'];
  if (!console.isActive) return Array.from({ length: 6 }, () => 'LOGIN_DISABLED');
  const days = account.passwordMaxAgeDays;
  const rotation = days === undefined ? '-' : formatSecond(console.changedAt + days * DAY_MS);
  return [logon, 'TRUE', 'TRUE', formatSecond(console.changedAt), rotation, mfa];
}

function keyCells(key: AccessKey | undefined): readonly string[] {
  if (key === undefined) return ['FALSE', 'N/A', 'N/A', 'N/A'];
  const used = key.lastUsedAt === undefined ? '-' : formatSecond(key.lastUsedAt);
  return ['TRUE', key.active ? 'TRUE' : 'FALSE', formatSecond(key.createdAt), used];
}
