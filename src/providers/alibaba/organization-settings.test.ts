import { expect, test } from 'vitest';
import { alibaba } from './index.ts';
import { memberSettings, OrganizationSettings } from './organization-settings.ts';

test('a role is enough: the chain of the SDK, against the international site', () => {
  expect(OrganizationSettings.parse({ role: 'muster-audit' })).toMatchObject({
    auth: { kind: 'chain' },
    role: 'muster-audit',
    externalId: undefined,
    sessionName: 'muster',
    durationMs: 3_600_000,
    region: 'ap-southeast-1',
    endpoint: undefined,
  });
});

test('all members share one way in, and are settings of an account', () => {
  const settings = OrganizationSettings.parse({ role: 'muster-audit', external_id: 'xx', site: 'china', max_rps: 5 });
  const [one, other] = [memberSettings({ name: 'main', settings }), memberSettings({ name: 'main', settings })];
  const asAccount = alibaba.settings.parse({
    auth: { assume_role: { role: 'muster-audit', external_id: 'xx' } },
    site: 'china',
    max_rps: 5,
  });

  expect(one).toEqual({ ...(asAccount as object), hub: 'main' });
  expect(one.auth).toMatchObject({ base: settings.auth });
  expect('base' in one.auth && 'base' in other.auth && one.auth.base === other.auth.base).toBe(true);
});

test('one endpoint stands for all, or each is named, and the directory is none of the member', () => {
  const all = OrganizationSettings.parse({ role: 'r', endpoint: 'http://127.0.0.1:1' });
  const some = OrganizationSettings.parse({ role: 'r', endpoint: { resourcemanager: 'http://127.0.0.1:2' } });

  expect(all.endpoint).toMatchObject({ resourcemanager: 'http://127.0.0.1:1', sts: 'http://127.0.0.1:1' });
  expect(some.endpoint).toEqual({ resourcemanager: 'http://127.0.0.1:2' });
  expect(alibaba.isRealCloud(memberSettings({ name: 'a', settings: all }))).toBe(false);
  expect(alibaba.isRealCloud(memberSettings({ name: 'a', settings: some }))).toBe(true);
});

test.each<[string, unknown, RegExp]>([
  ['no role', {}, /role/],
  ['a role by its ARN', { role: 'acs:ram::12345:role/a' }, /name of a role/],
  ['a hub role without its ARN', { role: 'a', auth: { assume_role: { role: 'b' } } }, /ARN/],
  ['a hub of another cloud', { role: 'a', auth: { profile: 'x' } }, /profile/],
  ['an unknown key', { role: 'a', time_zone: 'Z' }, /time_zone/],
  ['an unknown endpoint', { role: 'a', endpoint: { organizations: 'http://x' } }, /organizations/],
  ['an endpoint that is no URL', { role: 'a', endpoint: 5 }, /resourcemanager: URL/],
])('%s is refused', (_, given, message) => {
  expect(OrganizationSettings.safeParse(given).error?.message).toMatch(message);
});
