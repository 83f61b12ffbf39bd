import { describe, expect, test } from 'vitest';
import { routeOf, type WireSettings } from './route.ts';
import { Secret } from './secret.ts';

const NOTHING: WireSettings = { proxy: undefined, noProxy: undefined, caFile: undefined };
const OWN: WireSettings = { ...NOTHING, proxy: new Secret('http://own:3128', '${env:P}') };
const cloud = { host: 'iam.amazonaws.com', port: 443, isTls: true };

describe('the proxy of the environment', () => {
  test.each([
    [{ HTTPS_PROXY: 'http://env:8080' }, 'http://env:8080/'],
    [{ https_proxy: 'env:8080' }, 'http://env:8080/'],
    [{ https_proxy: 'http://small:1', HTTPS_PROXY: 'http://large:1' }, 'http://small:1/'],
    [{ HTTPS_PROXY: '' }, undefined],
    [{ HTTPS_PROXY: 'socks5://env:1080' }, undefined],
    [{ HTTP_PROXY: 'http://env:8080', ALL_PROXY: 'http://env:8080' }, undefined],
    [{ HTTPS_PROXY: 'http://env:8080', NO_PROXY: 'x.example, .amazonaws.com' }, undefined],
  ])('%o leads to %s', (environment, proxy) => {
    expect(routeOf(NOTHING, environment).proxyTo(cloud)?.href).toBe(proxy);
  });

  test.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '[::1]', 'x.localhost'])(
    'never takes calls to %s',
    (host) => {
      expect(routeOf(NOTHING, { HTTPS_PROXY: 'http://env:8080' }).proxyTo({ ...cloud, host })).toBeUndefined();
    },
  );

  test('never takes plain http', () => {
    const route = routeOf(NOTHING, { HTTPS_PROXY: 'http://env:8080' });

    expect(route.proxyTo({ ...cloud, isTls: false })).toBeUndefined();
  });

  test('is not looked at where the YAML says none', () => {
    const route = routeOf({ ...NOTHING, proxy: 'none' }, { HTTPS_PROXY: 'http://env:8080' });

    expect([route.proxyTo(cloud), route.isPlain]).toEqual([undefined, true]);
  });
});

describe('the proxy of the YAML', () => {
  test('takes all calls, also those to this machine', () => {
    const route = routeOf(OWN, { HTTPS_PROXY: 'http://env:8080' });

    expect(route.proxyTo({ host: '127.0.0.1', port: 1, isTls: false })?.host).toBe('own:3128');
  });

  test.each([
    [['amazonaws.com'], true],
    [['.amazonaws.com'], true],
    [['*.amazonaws.com'], true],
    [['IAM.amazonaws.com.'], true],
    [['iam.amazonaws.com:443'], true],
    [['iam.amazonaws.com:8443'], false],
    [['azonaws.com'], false],
    [['*'], true],
    [[], false],
  ])('no_proxy %o: straight is %s', (noProxy, isStraight) => {
    expect(routeOf({ ...OWN, noProxy }, { NO_PROXY: '*' }).proxyTo(cloud) === undefined).toBe(isStraight);
  });

  test.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['fd00::1', ['fd00::/8'], true],
    ['::1', ['::1'], true],
    ['10.1.2.3', ['10.1.2.3'], true],
  ])('%s and no_proxy %o: straight is %s', (host, noProxy, isStraight) => {
    expect(routeOf({ ...OWN, noProxy }, {}).proxyTo({ ...cloud, host }) === undefined).toBe(isStraight);
  });

  test('takes NO_PROXY of the environment where it has none of its own', () => {
    expect(routeOf(OWN, { NO_PROXY: 'amazonaws.com' }).proxyTo(cloud)).toBeUndefined();
  });
});
