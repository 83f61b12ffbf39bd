import { expect, test } from 'vitest';
import { foldReport, type Held, keptOpen, sortedHeld } from '../../test/kit/fold.ts';
import { ACCOUNT, AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import { checks, completeRules } from '../derive/checks/registry.ts';
import { findingsIn } from '../derive/decide.ts';
import type { Event } from '../domain/event.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Part } from '../domain/report.ts';
import type { Exception, Rules } from '../domain/rules.ts';
import { atOnce } from '../kit/steps.ts';
import { seededRandom } from '../simulator/random.ts';
import { collectOnce } from './collect.ts';
import { deliver } from './deliver.ts';
import { configuredSources } from './stage.ts';

type Random = ReturnType<typeof seededRandom>;

const ROUNDS = 40;
const calm = new AbortController().signal;

/** What a report of these users is, whole, cut short, or with half of them gone. */
function csvIn(round: number, random: Random): string {
  const users = Array.from({ length: 30 }, (_, index) => `user-${index}`).filter(() => random.below(10) > 0);
  const csv = csvOf(users)
    .split('\n')
    .map((line) => (random.below(3) === 0 ? line.replace(',false,true,2026-01-01', ',true,true,2026-01-01') : line))
    .map((line) => (random.below(4) === 0 ? line.replace(',true,2026-01-01', ',false,2026-01-01') : line))
    .join('\n');
  if (round % 7 === 5) return csv.slice(0, -70);
  return round % 11 === 8 ? csvOf(users.slice(0, 3)) : csv;
}

function rulesIn(random: Random): Rules {
  return completeRules(
    Object.fromEntries(
      checks.map(({ id, defaults }) => {
        const thresholds = Object.fromEntries(
          Object.keys(defaults.thresholds).map((name) => [name, 1 + random.below(400)]),
        );
        return [id, { ...defaults, enabled: random.below(4) > 0, thresholds }];
      }),
    ),
  );
}

function exceptionsIn(now: number, random: Random): readonly Exception[] {
  return Array.from({ length: random.below(3) }, () => ({
    owner: 'ops',
    reason: 'x',
    until: formatInstant(now + random.below(72) * HOUR).slice(0, 10),
    ...(random.below(2) === 0 ? { identities: [`user-${random.below(3)}*`] } : { checks: ['user.key.too_old'] }),
  }));
}

/** What is asked beside the report, when that is allowed. */
function besideIn(csv: string, now: number, random: Random): readonly Part[] {
  const names = [...csv.matchAll(/^(user-\d+),/gm)].map(([, name = '']) => name);
  const asked = formatInstant(now);
  const users = names.map((name) => ({
    name,
    user_id: `AIDA${name}`,
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    created: '2026-01-01T00:00:00Z',
    asked_at: asked,
    keys: [{ id: `AKIA${name}`, created: '2026-01-01T00:00:01Z', status: 'Active' }],
  }));
  const credentials = names
    .slice(0, random.below(4))
    .map((name) => ({ user_name: name, id: `ACCA${name}`, service: 'bedrock', status: 'Active', created: asked }));
  const part = (name: string, value: object): Part => ({ name, bytes: Buffer.from(JSON.stringify(value)) });
  return [
    ...(random.below(2) === 0 ? [] : [part('access-keys.json', { version: 1, users_asked_at: asked, users })]),
    ...(random.below(2) === 0 ? [] : [part('service-credentials.json', { version: 1, asked_at: asked, credentials })]),
  ];
}

async function round(given: TestStage, number: number, random: Random): Promise<readonly Event[]> {
  const now = given.clock.now();
  Object.assign(given.stage, {
    ...(random.below(3) === 0 ? { rules: rulesIn(random) } : {}),
    ...(random.below(2) === 0 ? { exceptions: exceptionsIn(now, random) } : {}),
  });
  const csv = csvIn(number, random);
  const report = rawReport(now, csv);
  given.steps.push({ do: 'keep', report: { ...report, parts: [...report.parts, ...besideIn(csv, now, random)] } });
  const [target] = configuredSources(given.stage.accounts);
  await collectOnce(target!, given.stage, calm, undefined, { early: true });
  given.received.length = 0;
  const head = await given.stage.archive.head(AWS_SOURCE);
  await deliver(
    { name: 'deliver', sink: 'siem', source: AWS_SOURCE, upTo: head?.number ?? 0, attempt: 0 },
    given.stage,
    calm,
  );
  given.clock.move((number % 13 === 12 ? 24 * 30 : 5) * HOUR);
  return given.received as unknown as readonly Event[]; // plain writes an event as it is
}

async function listed(given: TestStage): Promise<readonly (readonly [string, string])[]> {
  const head = await given.stage.archive.head(AWS_SOURCE);
  const findings = head && atOnce(findingsIn(await given.stage.archive.parts(head)));
  return sortedHeld(findings === undefined ? [] : keptOpen(findings));
}

test.each([1, 2, 3])(
  'what a sink was sent adds up to what the archive says is open, at every step (%i)',
  async (seed) => {
    const random = seededRandom(seed, ACCOUNT);
    const given = testStage({ start: 'all' });
    const held: Held = new Map();
    const seen = new Set<string>();

    for (let number = 0; number < ROUNDS; number++) {
      const events = await round(given, number, random);
      foldReport(held, events);
      for (const { type, cause } of events) seen.add(`${type} ${cause ?? ''}`.trim());

      expect(sortedHeld(held)).toEqual(await listed(given));
    }

    const expected = [
      'opened report',
      'closed report',
      'opened rules',
      'closed rules',
      'opened exception',
      'closed exception',
    ];
    expect([...seen]).toEqual(
      expect.arrayContaining([...expected.map((one) => `finding.${one}`), 'finding.open report']),
    );
    expect((await given.stage.archive.quarantined(AWS_SOURCE)).length).toBeGreaterThan(3);
  },
);
