import { expect, test } from 'vitest';
import type { WireRequest } from '../wire.ts';
import { readSignature, verifySignature, verifySkew } from './sigv4.ts';

/** The worked example of AWS's own documentation of Signature Version 4. */
const EXAMPLE: WireRequest = {
  method: 'GET',
  path: '/',
  query: 'Action=ListUsers&Version=2010-05-08',
  headers: {
    host: 'iam.amazonaws.com',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  body: Buffer.alloc(0),
  signal: new AbortController().signal,
};
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

function verify(request: WireRequest, secret = SECRET): void {
  verifySignature(request, readSignature(request), secret, 'iam');
}

test('the worked example of the documentation is right', () => {
  expect(() => verify(EXAMPLE)).not.toThrow();
});

test.each([
  ['another secret', EXAMPLE, 'wrong'],
  ['another query', { ...EXAMPLE, query: 'Action=GetUser&Version=2010-05-08' }, SECRET],
  ['another path', { ...EXAMPLE, path: '/x' }, SECRET],
  ['another body', { ...EXAMPLE, body: Buffer.from('x') }, SECRET],
  ['another host', { ...EXAMPLE, headers: { ...EXAMPLE.headers, host: 'example.com' } }, SECRET],
  ['an unsigned session token', { ...EXAMPLE, headers: { ...EXAMPLE.headers, 'x-amz-security-token': 't' } }, SECRET],
  [
    'a body that is not the claimed one',
    { ...EXAMPLE, headers: { ...EXAMPLE.headers, 'x-amz-content-sha256': '0' } },
    SECRET,
  ],
])('%s does not match', (_, request, secret) => {
  expect(() => verify(request, secret)).toThrow(
    expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
  );
});

test('a credential of another service does not match', () => {
  const signature = readSignature(EXAMPLE);

  expect(() => verifySignature(EXAMPLE, signature, SECRET, 'sts')).toThrow(/correct service: 'sts'/);
});

test.each([
  ['2015-08-30T12:41:00Z', undefined],
  ['2015-08-30T12:31:00Z', undefined],
  [
    '2015-08-30T12:41:01Z',
    'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)',
  ],
  [
    '2015-08-30T12:30:59Z',
    'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)',
  ],
])('at %s the skew is judged: %s', (now, said) => {
  const judge = () => verifySkew(readSignature(EXAMPLE), Date.parse(now));

  if (said === undefined) expect(judge).not.toThrow();
  else expect(judge).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch', message: said }));
});
