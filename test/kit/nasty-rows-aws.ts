import { ago, type Cells, type Cloud } from './nasty-rows.ts';

/** A key that is in use. */
export const KEY = (slot: number, cells: Cells = {}): Cells =>
  Object.fromEntries(
    Object.entries({
      active: 'true',
      last_rotated: ago(10),
      last_used_date: ago(1),
      last_used_region: 'eu-central-1',
      last_used_service: 's3',
      ...cells,
    }).map(([name, cell]) => [`access_key_${slot}_${name}`, cell]),
  );
export const NO_KEY = (slot: number): Cells =>
  KEY(slot, {
    active: 'false',
    last_rotated: 'N/A',
    last_used_date: 'N/A',
    last_used_region: 'N/A',
    last_used_service: 'N/A',
  });
export const NO_CERTIFICATES: Cells = {
  cert_1_active: 'false',
  cert_1_last_rotated: 'N/A',
  cert_2_active: 'false',
  cert_2_last_rotated: 'N/A',
};

/** Someone who signs in daily, with MFA: nothing is wrong. */
const ALICE = {
  user: 'alice',
  arn: 'arn:aws:iam::123456789012:user/alice',
  user_creation_time: ago(400),
  password_enabled: 'true',
  password_last_used: ago(1),
  password_last_changed: ago(30),
  password_next_rotation: 'N/A',
  mfa_active: 'true',
  ...NO_KEY(1),
  ...NO_KEY(2),
  ...NO_CERTIFICATES,
};
const ROOT = {
  ...ALICE,
  user: '<root_account>',
  arn: 'arn:aws:iam::123456789012:root',
  password_next_rotation: 'not_supported',
  password_last_used: ago(200),
};
export const USERS: Cloud = {
  provider: 'aws',
  accountId: '123456789012',
  kind: 'credential-report',
  part: 'report.csv',
  name: 'user',
  plain: ALICE,
  others: [ROOT],
};
export const ROOTS: Cloud = { ...USERS, plain: ROOT, others: [ALICE] };

const ROBOT = {
  password_enabled: 'false',
  password_last_used: 'N/A',
  password_last_changed: 'N/A',
  mfa_active: 'false',
};
/** A program: keys and no password. */
export const robot = (...keys: readonly Cells[]) => Object.assign({}, ROBOT, ...keys) as Cells;

/** As a program writes it again that reads N/A as no value. */
export const emptied = (cells: Cells): Cells =>
  Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell === 'N/A' ? '' : cell]));
