import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { simulatedClock } from '../simulated-clock.ts';
import { writeCredentialReport } from './credential-report.ts';
import type { SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import type { Mutation } from './mutations/scene.ts';
import { addAccount, createWorld, type World } from './world.ts';

const ID = '123456789012';
const START = Date.parse('2026-11-20T09:00:00.789Z');
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const NO_CERTS = 'false,N/A,false,N/A';

interface Scene {
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly change: (action: string, user: string, more?: Partial<Mutation>, afterMs?: number) => void;
  readonly csv: () => string;
  readonly row: (user: string) => string;
}

function scene(passwordMaxAgeDays?: number): Scene {
  const clock = { now: () => START, delayUntil: () => 0, sleepUntil: () => Promise.resolve() };
  const world = createWorld({
    partition: 'aws',
    seed: 1,
    clock: simulatedClock(clock),
    pace: { cacheWindowMs: 1, buildMs: 1, expireMs: undefined },
    hubAccountId: '111122223333',
  });
  const rotation = passwordMaxAgeDays === undefined ? {} : { passwordMaxAgeDays };
  const account = addAccount(world, { id: ID, alias: 'a', name: 'a', createdAt: START, ...rotation });
  const csv = () => writeCredentialReport(world, account);
  return {
    world,
    account,
    csv,
    change: (action, user, more = {}, afterMs = 0) =>
      void mutate(world, { account: ID, do: action, user, ...more }, START + afterMs),
    row: (user) =>
      csv()
        .split('\n')
        .find((line) => line.startsWith(`${user},`)) ?? '',
  };
}

test('the header is that of a live report, lines end with LF, the last has no end', () => {
  const { csv } = scene();

  expect(csv()).toBe(
    `user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n<root_account>,arn:aws:iam::${ID}:root,2026-11-20T09:00:00Z,false,N/A,N/A,not_supported,false,${NO_KEY},${NO_KEY},${NO_CERTS}`,
  );
});

test('a password that was never used is no_information, without rotation N/A', () => {
  const { change, row } = scene();
  change('create_user', 'd', { path: '/p/' });
  change('enable_console', 'd', {}, 1_000);

  expect(row('d')).toBe(
    `d,arn:aws:iam::${ID}:user/p/d,2026-11-20T09:00:00Z,true,no_information,2026-11-20T09:00:01Z,N/A,false,${NO_KEY},${NO_KEY},${NO_CERTS}`,
  );
});

test('a password policy gives the next rotation; a deleted password leaves N/A', () => {
  const { change, row } = scene(90);
  change('create_user', 'd');
  change('enable_console', 'd');
  change('use_password', 'd', {}, 60_000);
  change('enable_mfa', 'd');
  const before = row('d');
  change('disable_console', 'd');

  expect(before).toContain(',true,2026-11-20T09:01:00Z,2026-11-20T09:00:00Z,2027-02-18T09:00:00Z,true,');
  expect(row('d')).toContain(',false,N/A,N/A,N/A,true,');
});

test('slots follow key ids, an inactive key keeps its date, S3 has no region', () => {
  const { change, row } = scene();
  change('create_user', 'k');
  change('create_key', 'k', { key_id: 'AKIAZ' });
  change('use_key', 'k', { key_id: 'AKIAZ', service: 's3', region: 'eu-west-1' }, 5_000);
  const alone = row('k');
  change('create_key', 'k', { key_id: 'AKIAB' }, 9_000);
  change('deactivate_key', 'k', { key_id: 'AKIAB' }, 9_500);

  const used = 'true,2026-11-20T09:00:00Z,2026-11-20T09:00:05Z,N/A,s3';
  expect(alone).toContain(`,false,${used},${NO_KEY},${NO_CERTS}`);
  expect(row('k')).toContain(`,false,false,2026-11-20T09:00:09Z,N/A,N/A,N/A,${used},${NO_CERTS}`);
});

test('inactive certificates come first', () => {
  const { change, row } = scene();
  change('create_user', 'c');
  change('create_cert', 'c', { key_id: 'one' });
  change('create_cert', 'c', { key_id: 'two' }, 1_000);
  change('deactivate_cert', 'c', { key_id: 'two' });

  expect(row('c')).toMatch(/,false,2026-11-20T09:00:01Z,true,2026-11-20T09:00:00Z$/);
});

test('users are sorted whatever their case, and odd names survive a CSV reader', () => {
  const { change, csv } = scene();
  const names = ['=eu,build', 'Anna', 'ben', 'Chen "the" one', 'zoé', '__proto__', '-dash', '@at'];
  for (const name of [...names].reverse()) change('create_user', name);

  const rows = parse<{ user: string }>(csv(), { columns: true });

  const sorted = names.toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
  expect(rows.map((row) => row.user)).toEqual(['<root_account>', ...sorted]);
  expect(csv()).toContain(`\n"=eu,build","arn:aws:iam::${ID}:user/=eu,build",`);
  expect(csv()).toContain('"Chen ""the"" one"');
});

test('the old form has +00:00 dates and a root without password columns', () => {
  const { change, row, csv } = scene();
  change('create_user', 'd');
  change('enable_console', '<root_account>');
  change('use_root', '<root_account>');
  const live = row('<root_account>');
  change('set_report_form', 'd', { form: 'old' });

  expect(live).toContain(',true,2026-11-20T09:00:00Z,2026-11-20T09:00:00Z,not_supported,');
  expect(row('<root_account>')).toContain(
    ',2026-11-20T09:00:00+00:00,not_supported,2026-11-20T09:00:00+00:00,not_supported,not_supported,',
  );
  expect(csv()).not.toContain('00Z');
});

test('the 23rd column tells of a third key', () => {
  const { change, row, csv } = scene();
  change('set_report_form', '', { extra_column: true });
  change('create_user', 'k');
  for (const key_id of ['AKIA1', 'AKIA2', 'AKIA3']) change('create_key', 'k', { key_id });

  expect(csv().split('\n')[0]).toMatch(/,additional_credentials_info$/);
  expect(row('<root_account>')).toMatch(/,N\/A$/);
  expect(row('k')).toMatch(/,"1 additional access keys.*"$/);
});
