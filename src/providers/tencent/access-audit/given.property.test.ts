import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../../../../test/kit/words-of.ts';
import { givenBy } from './given.ts';

/** Every action there is in a small world; no policy names the service `u` and the letter `z`. */
const SERVICES = ['s', 't', 'u'];
const ACTIONS = wordsOf(['a', 'b', 'z'], 4);

const part = fc
  .array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 })
  .map((letters) => letters.join(''));
const pattern = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'name/'), fc.constantFrom('s', 't', 'S', '*'), part)
      .map(([prefix, service, action]) => `${prefix}${service}:${action}`),
  },
);
const statement = fc.record(
  {
    effect: fc.constantFrom('allow', 'allow', 'deny'),
    action: fc.oneof(pattern, fc.array(pattern, { minLength: 1, maxLength: 3 })),
    resource: fc.constantFrom('*', ['*'], ['qcs::s:::x/1', '*'], ['qcs::s:::x/1']),
    condition: fc.constantFrom({}, { ip_equal: { 'qcs:ip': '10.0.0.1' } }),
  },
  { requiredKeys: ['effect', 'action', 'resource'] },
);
const documents = fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
type Documents = typeof documents extends fc.Arbitrary<infer T> ? T : never;

test('what is granted is what an independent reading of the same policies grants, service by service and action by action', () => {
  fc.assert(
    fc.property(documents, (given) => {
      const found = givenOf(given);
      for (const service of SERVICES) {
        const mayUseAny = ACTIONS.some((action) => mayUse(given, service, action));
        expect(told(found.of(service).granted), service).toBe(mayUseAny);
        expect(found.of(service).grantedBy.length > 0, service).toBe(mayUseAny);
      }
      expect(found.everything.length > 0).toBe(ACTIONS.some((action) => mayUse(given, 'u', action)));
      for (const action of ['a', 'z', 'ab', 'ba', 'zz']) {
        const { granted } = found.of('s').ofAction(action);
        if ('value' in granted) expect(granted.value, action).toBe(mayUse(given, 's', action));
        else expect(mayUse(given, 's', action)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

function givenOf(given: Documents) {
  const attached = given.map((_, id) => ({ id, name: `p${id}`, groups: [] }));
  const policies = given.map(
    (one, id) => [id, { document: JSON.stringify({ version: '2.0', statement: one }) }] as const,
  );
  return givenBy({ attached }, new Map(policies));
}

function told(granted: ReturnType<ReturnType<typeof givenBy>['of']>['granted']): boolean | string {
  return 'value' in granted ? granted.value : granted.reason;
}

/** The naive reading: one action, by regular expressions, all statements of all policies at once. */
function mayUse(given: Documents, service: string, action: string): boolean {
  const all = given
    .flat()
    .filter((one) => [one.action].flat().some((text) => regExpOf(text).test(`${service}:${action}`)));
  const isDenied = all.some(
    ({ effect, resource, condition = {} }) =>
      effect === 'deny' && resource.includes('*') && Object.keys(condition).length === 0,
  );
  return !isDenied && all.some(({ effect }) => effect === 'allow');
}

const REG_EXPS = new Map<string, RegExp>();

function regExpOf(text: string): RegExp {
  const known = REG_EXPS.get(text);
  if (known !== undefined) return known;
  const plain = text.replace('name/', '');
  const made = new RegExp(`^${(plain === '*' ? '*:*' : plain).replaceAll('*', '[a-z]*')}$`, 'i');
  REG_EXPS.set(text, made);
  return made;
}
