import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alice, sampleEvents } from '../../test/kit/sample-events.ts';
import type { Event } from '../domain/event.ts';
import { VERSION } from '../kit/version.ts';
import { cef } from './cef.ts';

const created = sampleEvents().find(({ type }) => type === 'access_key.created')!;

/** A reader of its own: header fields end at a bar without a backslash, values at a key after a space. */
function read(line: string): { header: string[]; extension: Record<string, string> } {
  const [, ...header] =
    /^CEF:((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)\|/.exec(
      line,
    )!;
  const rest = line.slice(`CEF:${header.join('|')}|`.length);
  const pairs = [...rest.matchAll(/(\w+)=((?:[^\\=]|\\.)*?)(?= \w+=|$)/gs)];
  return {
    header: header.map((field) => field.replaceAll(/\\([\\|])/g, '$1')),
    extension: Object.fromEntries(pairs.map(([, key, value]) => [key!, unescaped(value!)])),
  };
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? char);
}

test('a header of eight fields, and keys of the dictionary', () => {
  const { header, extension } = read(cef.encode(created));

  expect(header).toEqual([
    '0',
    'Muster',
    'Muster',
    VERSION,
    'access_key.created',
    'access key created',
    expect.stringMatching(/^(5|10)$/),
  ]);
  expect(extension).toMatchObject({
    externalId: created.id,
    rt: String(Date.parse(created.time)),
    start: String(Date.parse(created.occurred_at)),
    duid: created.identity!.id,
    duser: created.identity!.name,
    deviceExternalId: '123456789012',
    cs1Label: 'account',
    cs1: 'prod',
    msg: created.message,
  });
});

test('bars, backslashes, equals signs and line breaks are escaped where CEF asks for it, and only there', () => {
  const name = 'a|b=c\\d\r\ne';
  const line = cef.encode({ ...created, type: 'odd|type\\of\nevent', message: name });

  expect(line).toContain('|odd\\|type\\\\of event|');
  expect(line).toContain('msg=a|b\\=c\\\\d\\r\\ne');
});

test('the cells of an inventory stay out', () => {
  expect(cef.encode(alice())).not.toContain('password_last_changed');
  expect(read(cef.encode(alice())).extension['cs6']).toContain('"console_enabled":true');
});

test('any name and message is one line and reads back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (name, message) => {
      const event: Event = {
        ...created,
        message: `${message}\r\n=|\\ x=y`,
        identity: { ...created.identity!, name: `=${name}` },
      };
      const line = cef.encode(event);

      expect(line).not.toMatch(/[\r\n]/);
      expect(read(line).extension).toMatchObject({ msg: event.message, duser: `=${name}` });
    }),
  );
});
