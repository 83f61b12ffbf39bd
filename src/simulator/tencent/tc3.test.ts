import { expect, test } from 'vitest';
import type { WireRequest } from '../wire.ts';
import { readSignature, verifySignature, verifySkew } from './tc3.ts';

const SECRET = 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE';
const SIGNED_AT = 1_551_113_065_000;

/** The example of Tencent Cloud's own documentation. */
function documented(headers: Readonly<Record<string, string>> = {}): WireRequest {
  const scope = 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request';
  const signature = '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168';
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      authorization: `TC3-HMAC-SHA256 Credential=${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
      'content-type': 'application/json; charset=utf-8',
      host: 'cvm.tencentcloudapi.com',
      'x-tc-timestamp': '1551113065',
      ...headers,
    },
    body: Buffer.from('{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'),
    signal: new AbortController().signal,
  };
}

test.each(['cvm.tencentcloudapi.com', 'cvm.tencentcloudapi.com:8443'])(
  'the documented signature fits the host %s',
  (host) => {
    const request = documented({ host });

    expect(() => verifySignature(request, readSignature(request), SECRET)).not.toThrow();
  },
);

test('another secret, host or body does not fit', () => {
  const request = documented();
  const signature = readSignature(request);

  expect(() => verifySignature(request, signature, 'another')).toThrow(/could not be validated/);
  expect(() => verifySignature(documented({ host: 'cam.tencentcloudapi.com' }), signature, SECRET)).toThrow();
  expect(() => verifySignature({ ...request, body: Buffer.from('{}') }, signature, SECRET)).toThrow();
});

test('five minutes are the most that clocks may differ', () => {
  const signature = readSignature(documented());

  expect(() => verifySkew(signature, SIGNED_AT + 299_000)).not.toThrow();
  expect(() => verifySkew(signature, SIGNED_AT - 301_000)).toThrow(/expired/);
});

test('what is no TC3 signature is said to be none', () => {
  expect(() => readSignature(documented({ authorization: 'SKIP' }))).toThrow(/Authorization header is invalid/);
});
