import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../../../../test/kit/words-of.ts';
import { anotherOf } from './glob.ts';
import { type HeldPolicy, judge } from './judge.ts';
import { readPolicy } from './policy.ts';

/** Every action there is in a small world: services of one letter and actions of up to six; no policy names `u` and `z`. */
const SERVICES = ['s', 't', 'u'];
const ACTIONS = wordsOf(['a', 'b', 'z'], 6);
const WORLD = SERVICES.flatMap((service) => ACTIONS.map((action) => `${service}:${action}`));

const part = fc
  .array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 })
  .map((letters) => letters.join(''));
const pattern = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  { weight: 8, arbitrary: fc.tuple(fc.constantFrom('s', 't', '*'), part).map((parts) => parts.join(':')) },
);
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  element: fc.constantFrom('Action', 'Action', 'NotAction'),
  actions: fc.array(pattern, { minLength: 1, maxLength: 3 }),
  Resource: fc.constantFrom('*', '*', 'acs:s:*:*:thing/1'),
  isConditional: fc.constantFrom(false, false, true),
});
const documents = fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
type Documents = typeof documents extends fc.Arbitrary<infer T> ? T : never;

test('what is granted is what an independent reading of the same policies grants, action by action', () => {
  fc.assert(
    fc.property(documents, (given) => {
      const held = heldOf(given);
      for (const action of ['s:a', 't:b', 's:ab', 's:z', 't:zz', 's:ba', 's:bab'])
        expect(judge(held, action).granted, action).toBe(mayUse(given, action));
    }),
    { numRuns: 500 },
  );
});

test('a service or a pattern is granted when any action of it is', () => {
  fc.assert(
    fc.property(documents, pattern, (given, asked) => {
      const wanted = asked === '*' ? '*:*' : asked;
      const meant = WORLD.filter((action) => regExpOf(wanted).test(action));
      expect(judge(heldOf(given), wanted).granted).toBe(meant.some((action) => mayUse(given, action)));
    }),
    { numRuns: 1_000 },
  );
});

test('who grants it is every policy that does so by itself, and no other', () => {
  fc.assert(
    fc.property(documents, (given) => {
      for (const action of ['s:a', 't:z']) {
        const { by } = judge(heldOf(given), action);
        const alone = given.flatMap((document, index) => (isAllowedBy(document, action) ? [`p${index}`] : []));
        expect(by.map(({ policy }) => policy)).toEqual(mayUse(given, action) ? alone : []);
      }
    }),
    { numRuns: 300 },
  );
});

test('what is left of the services that no policy names is what is left of one of them', () => {
  fc.assert(
    fc.property(documents, (given) => {
      const ofOther = WORLD.filter((action) => action.startsWith('u:'));
      expect(judge(heldOf(given), `${anotherOf('*')}:*`).granted).toBe(ofOther.some((action) => mayUse(given, action)));
    }),
    { numRuns: 200 },
  );
});

const PARTED = wordsOf(['a', ':', 'z'], 6).map((action) => `s:${action}`);
const parted = fc
  .array(fc.constantFrom('a', ':', '*'), { minLength: 1, maxLength: 3 })
  .map((letters) => `s:${letters.join('')}`);

test('a colon within an action is a letter like others', () => {
  fc.assert(
    fc.property(parted, fc.array(parted, { maxLength: 2 }), parted, (allowed, denied, asked) => {
      const line = (Effect: 'Allow' | 'Deny', actions: string[]): Documents[number][number] => ({
        Effect,
        element: 'Action',
        actions,
        Resource: '*',
        isConditional: false,
      });
      const given = [[line('Allow', [allowed]), ...(denied.length === 0 ? [] : [line('Deny', denied)])]];
      const isMeant = regExpOf(asked);
      const meant = PARTED.filter((action) => isMeant.test(action));
      expect(judge(heldOf(given), asked).granted).toBe(meant.some((action) => mayUse(given, action)));
    }),
    { numRuns: 300 },
  );
});

test.each<[string, string[], boolean]>([
  ['b before a', ['s:*a*b*'], true],
  ['all of the service', ['s:*'], false],
])('where patterns meet in more ways than are looked at, only what takes all takes it: %s', (_, denied, left) => {
  const statements = [
    { Effect: 'Allow', Action: `s:${'*a'.repeat(5)}*`, Resource: '*' },
    { Effect: 'Deny', Action: denied, Resource: '*' },
  ];
  const read = readPolicy(JSON.stringify({ Version: '1', Statement: statements }));
  if ('error' in read) throw new Error(read.what);

  const held = [{ grant: { policy: 'p' }, statements: read.statements }];

  expect(judge(held, `s:${'*b'.repeat(5)}*`).granted).toBe(left);
});

function heldOf(given: Documents): readonly HeldPolicy[] {
  return given.map((document, index) => {
    const Statement = document.map(({ Effect, element, actions, Resource, isConditional }) => ({
      Effect,
      [element]: actions.length === 1 ? actions[0] : actions,
      Resource,
      ...(isConditional ? { Condition: { Bool: { 'acs:MFAPresent': ['true'] } } } : {}),
    }));
    const read = readPolicy(JSON.stringify({ Version: '1', Statement }));
    if ('error' in read) throw new Error(read.what);
    return { grant: { policy: `p${index}` }, statements: read.statements };
  });
}

/** The naive reading: one action, by regular expressions, all statements of all policies at once. */
function mayUse(given: Documents, action: string): boolean {
  const all = given.flat();
  const isDenied = all.some(
    (one) => one.Effect === 'Deny' && one.Resource === '*' && !one.isConditional && covers(one, action),
  );
  return !isDenied && all.some((one) => one.Effect === 'Allow' && covers(one, action));
}

function isAllowedBy(document: Documents[number], action: string): boolean {
  return document.some((one) => one.Effect === 'Allow' && covers(one, action));
}

function covers({ element, actions }: Documents[number][number], action: string): boolean {
  const isNamed = actions.some((one) => regExpOf(one === '*' ? '*:*' : one).test(action));
  return element === 'Action' ? isNamed : !isNamed;
}

const REG_EXPS = new Map<string, RegExp>();

/** A service and an action are parted by the first colon. */
function regExpOf(text: string): RegExp {
  const known = REG_EXPS.get(text);
  if (known !== undefined) return known;
  const colon = text.indexOf(':');
  const [service, action] = [text.slice(0, colon), text.slice(colon + 1)];
  const made = new RegExp(`^${service.replaceAll('*', '[^:]*')}:${action.replaceAll('*', '.*')}$`, 'i');
  REG_EXPS.set(text, made);
  return made;
}
