import { Buffer } from 'node:buffer';
import { writeCsv } from '../../../kit/csv-write.ts';
import { LOGIN_DISABLED } from './cells.ts';
import { headerFor } from './columns.ts';
import type { LastTold } from './last-told.ts';
import { ROOT_USER } from './row.ts';
import { isUntold, type UserAnswers } from './user-answers.ts';

/** What nobody told. In a table of the cloud's own no cell is empty. */
const UNTOLD = '';
/** That the root has a password, and that the report never tells more of it, is documented. */
const OF_EVERY_ROOT: ReadonlyMap<string, string> = new Map([
  ['user', ROOT_USER],
  ['password_exist', 'TRUE'],
  ['password_active', 'N/A'],
  ['password_next_rotation', 'N/A'],
]);

/** The table that the cloud would have made, as far as its APIs and its last report tell. */
export function synthesisedTable(users: readonly UserAnswers[], lastTold: LastTold): Uint8Array {
  const most = users.reduce((max, { keys }) => Math.max(max, keys.length), 2);
  const header = headerFor(most);
  const root = header.map((column) => lastTold.root(column) ?? OF_EVERY_ROOT.get(column) ?? UNTOLD);
  return Buffer.from(writeCsv([header, root, ...users.map((user) => userRow(user, most, lastTold))]), 'utf8');
}

function userRow(user: UserAnswers, mostKeys: number, lastTold: LastTold): readonly string[] {
  const keys = user.keys.toSorted((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0));
  const none = Array.from({ length: mostKeys - keys.length }, () => ['FALSE', 'N/A', 'N/A', 'N/A']);
  const cells = keys.map(({ status, created, last_used }) => [
    'TRUE',
    status === 'Active' ? 'TRUE' : 'FALSE',
    created,
    isUntold(last_used) ? UNTOLD : last_used,
  ]);
  return [user.name, user.created, ...consoleCells(user, lastTold), ...cells.flat(), ...none.flat()];
}

/** From `user_last_logon` to `mfa_active`. */
function consoleCells(user: UserAnswers, lastTold: LastTold): readonly string[] {
  const { profile, mfa, last_login } = user;
  if (isUntold(profile)) return [last_login, UNTOLD, UNTOLD, UNTOLD, UNTOLD, UNTOLD];
  if (profile === 'none') return [last_login, 'FALSE', 'N/A', 'N/A', 'N/A', 'N/A'];
  if (profile.status === 'Inactive') return Array.from({ length: 6 }, () => LOGIN_DISABLED);
  const told = lastTold.password(user);
  const hasMfa = typeof mfa === 'boolean' ? (mfa ? 'TRUE' : 'FALSE') : UNTOLD;
  const changed = told('password_last_changed') ?? UNTOLD;
  return [last_login, 'TRUE', 'TRUE', changed, told('password_next_rotation') ?? UNTOLD, hasMfa];
}
