import { expect, test } from 'vitest';
import { wireOf } from './api.ts';
import { tencent } from './index.ts';
import { memberSettings, OrganizationSettings } from './organization-settings.ts';

test('a role is enough: the environment, against the mainland site', () => {
  expect(OrganizationSettings.parse({ role: 'muster-audit' })).toMatchObject({
    auth: { kind: 'environment' },
    role: 'muster-audit',
    externalId: undefined,
    sessionName: 'muster',
    trustedService: undefined,
    site: 'mainland',
    region: 'ap-guangzhou',
  });
});

test('all members share one way in, and are settings of an account', () => {
  const given = { site: 'international', time_zone: 'Z', max_rps: 5 };
  const settings = OrganizationSettings.parse({ role: 'muster-audit', external_id: 'xx', ...given });
  const [one, other] = [memberSettings({ name: 'main', settings }), memberSettings({ name: 'main', settings })];
  const asAccount = tencent.settings.parse({
    auth: { assume_role: { role: 'muster-audit', external_id: 'xx' } },
    ...given,
  });

  expect(one).toEqual({ ...(asAccount as object), hub: 'main' });
  expect('base' in one.auth && 'base' in other.auth && one.auth.base === other.auth.base).toBe(true);
});

test('one endpoint stands for all, or each is named', () => {
  const settings = OrganizationSettings.parse({ role: 'r', endpoint: 'http://127.0.0.1:1' });

  expect(settings.endpoint?.organization).toBe('http://127.0.0.1:1');
  expect(memberSettings({ name: 'a', settings }).endpoint).toEqual({
    cam: 'http://127.0.0.1:1',
    sts: 'http://127.0.0.1:1',
    cloudaudit: 'http://127.0.0.1:1',
  });
});

test('an endpoint without cloudaudit is none of the real cloud', () => {
  const endpoint = { cam: 'http://127.0.0.1:1', sts: 'http://127.0.0.1:1', organization: 'http://127.0.0.1:1' };
  const settings = OrganizationSettings.parse({ role: 'r', endpoint });

  expect(tencent.isRealCloud(memberSettings({ name: 'a', settings }))).toBe(false);
  expect(tencent.isRealCloud(tencent.settings.parse({ endpoint: 'https://cam.tencentcloudapi.com' }))).toBe(true);
});

test.each([
  ['mainland', 'organization.tencentcloudapi.com'],
  ['international', 'organization.intl.tencentcloudapi.com'],
])('the organisation of the %s site is asked at its own address', (site, host) => {
  const wire = wireOf(OrganizationSettings.parse({ role: 'r', site }));

  expect(wire.config('organization', undefined).profile?.httpProfile).toMatchObject({
    protocol: 'https://',
    endpoint: host,
  });
  wire.close();
});

test.each<[string, unknown, RegExp]>([
  ['no role', {}, /role/],
  ['a role by its ARN', { role: 'qcs::cam::uin/100000000001:roleName/a' }, /name of a role/],
  ['a hub role without its ARN', { role: 'a', auth: { assume_role: { role: 'b' } } }, /ARN/],
  ['an unknown key', { role: 'a', duration: '1h' }, /duration/],
  ['half an endpoint', { role: 'a', endpoint: { cam: 'http://127.0.0.1:1' } }, /organization: URL/],
])('%s is refused', (_, given, message) => {
  expect(OrganizationSettings.safeParse(given).error?.message).toMatch(message);
});
