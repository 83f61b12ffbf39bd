import type { Instant } from '../../domain/instant.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import { type AccessKey, type Identity, ROOT_NAME, type SimulatedAccount, usersByName } from './model.ts';
import { identityArn, type World } from './world.ts';

const DAY_MS = 86_400_000;

/** The columns of a live report. */
export const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,' +
  'access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,' +
  'access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,' +
  'cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

/** The CSV as AWS writes it: LF, no newline at the end, root first, users in the order of their lower-case names. */
export function writeCredentialReport(world: World, account: SimulatedAccount): string {
  const header = account.extraColumn ? `${HEADER},additional_credentials_info` : HEADER;
  const rows = [account.root, ...usersByName(account)].map((identity) => row(world, account, identity));
  return [header, ...rows].join('\n');
}

function row(world: World, account: SimulatedAccount, identity: Identity): string {
  const date = account.reportForm === 'old' ? oldDate : formatSecond;
  const keys = [...identity.accessKeys].sort((one, other) => (one.id < other.id ? -1 : 1));
  const cells = [
    identity.kind === 'root' ? ROOT_NAME : quoted(identity.name),
    quoted(identityArn(world, account, identity)),
    date(identity.createdAt),
    ...passwordCells(account, identity, date),
    String(identity.mfa),
    ...keyCells(keys[0], date),
    ...keyCells(keys[1], date),
    ...certificateCells(identity, date),
  ];
  if (account.extraColumn) cells.push(quoted(additional(identity)));
  return cells.join(',');
}

function passwordCells(account: SimulatedAccount, identity: Identity, date: (at: Instant) => string): string[] {
  const isRoot = identity.kind === 'root';
  const { password, passwordLastUsedAt } = identity;
  const lastUsed = passwordLastUsedAt === undefined ? 'no_information' : date(passwordLastUsedAt);
  if (isRoot && account.reportForm === 'old') return ['not_supported', lastUsed, 'not_supported', 'not_supported'];
  if (password === undefined) return ['false', 'N/A', 'N/A', isRoot ? 'not_supported' : 'N/A'];
  const maxAgeDays = account.passwordMaxAgeDays;
  const rotation = maxAgeDays === undefined ? 'N/A' : date(password.changedAt + maxAgeDays * DAY_MS);
  return ['true', lastUsed, date(password.changedAt), isRoot ? 'not_supported' : rotation];
}

/** No key: false and four times N/A. An inactive key keeps its date, which is how the two are told apart. */
function keyCells(key: AccessKey | undefined, date: (at: Instant) => string): string[] {
  if (key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  const { lastUsed } = key;
  const used = lastUsed === undefined ? ['N/A', 'N/A', 'N/A'] : [date(lastUsed.at), lastUsed.region, lastUsed.service];
  return [String(key.active), date(key.createdAt), ...used];
}

/** Inactive certificates come first. */
function certificateCells(identity: Identity, date: (at: Instant) => string): string[] {
  const certificates = [...identity.certificates].sort((one, other) => Number(one.active) - Number(other.active));
  return [certificates[0], certificates[1]].flatMap((certificate) =>
    certificate === undefined ? ['false', 'N/A'] : [String(certificate.active), date(certificate.createdAt)],
  );
}

/** The real text is not known to anybody here; this one has a comma, so that it is quoted. */
function additional(identity: Identity): string {
  const keys = Math.max(0, identity.accessKeys.length - 2);
  const certificates = Math.max(0, identity.certificates.length - 2);
  if (keys + certificates === 0) return 'N/A';
  return `${keys} additional access keys (iam:ListAccessKeys), ${certificates} certificates (iam:ListSigningCertificates)`;
}

function oldDate(at: Instant): string {
  return formatSecond(at).replace(/Z$/, '+00:00');
}

/** RFC 4180. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
