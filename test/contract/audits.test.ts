import { expect, test } from 'vitest';
import { derive } from '../../src/derive/derive.ts';
import type { KeyUse, ServiceAccess } from '../../src/domain/access.ts';
import type { Event } from '../../src/domain/event.ts';
import { formats } from '../../src/formats/registry.ts';
import { load, loadBase } from '../../src/pipeline/load.ts';
import { type AuditStage, auditStage } from '../kit/audit-stage.ts';
import { ACCESS_AUDIT, access, address, anIdentity, KEY_AUDIT, keyUse, used } from '../kit/audits.ts';
import { movableClock } from '../kit/movable-clock.ts';
import { DAY, HOUR, known, T0, UNKNOWN } from '../kit/records.ts';

/** The time of the stage, which is later than that of the rows. */
const typesOf = (given: AuditStage) => (given.received as unknown as Event[]).map(({ type }) => type);

const s3 = access('alice', 's3', { ...used(HOUR), grantedBy: [{ policy: 'Admin' }] });
const ec2 = access('alice', 'ec2', { grantedBy: [{ policy: 'Admin' }] });
const key = keyUse('AKIA1', 'key');
const home = address('AKIA1', '203.0.113.7');

test('an access audit goes from the archive to the sink: access, findings and what was used first', async () => {
  const given = auditStage();
  await given.access([s3, ec2]);
  await given.send(ACCESS_AUDIT);
  await given.access([s3, { ...ec2, ...used(0) }]);
  await given.send(ACCESS_AUDIT);

  expect(typesOf(given)).toEqual([
    'finding.baseline',
    'access.service',
    'access.service',
    'summary.report',
    'access.first_use',
    'finding.closed',
    'access.service',
    'summary.report',
  ]);
});

test('a key audit goes from the archive to the sink', async () => {
  const given = auditStage();
  await given.keys([key, home]);
  await given.send(KEY_AUDIT);
  await given.keys([key, home, address('AKIA1', '198.51.100.1')]);
  await given.send(KEY_AUDIT);

  expect(typesOf(given)).toEqual([
    'access.key',
    'summary.report',
    'access_key.new_network',
    'access.key',
    'summary.report',
  ]);
});

test('what was seen is kept with each report, and goes on where it was when another process collects', async () => {
  const first = auditStage();
  await first.keys([key, home]);
  await first.keys([key, address('AKIA1', '198.51.100.1')]);
  const second = auditStage({ store: first.store, clock: first.clock });
  await second.keys([key, home]);
  const head = (await second.stage.archive.head(KEY_AUDIT))!;
  const parts = await second.stage.archive.parts(head);

  expect([...parts.keys()].toSorted()).toEqual(['access-seen.json', 'context.json', 'findings.json', 'key-use.csv']);
  expect(await changesOf(second)).toEqual([]);
  expect(JSON.parse(new TextDecoder().decode(parts.get('access-seen.json')))).toMatchObject({
    keys: { AKIA1: { networks: ['198.51.100.0/24', '203.0.113.0/24'] } },
  });
});

async function changesOf({ stage }: AuditStage): Promise<readonly string[]> {
  const head = (await stage.archive.head(KEY_AUDIT))!;
  const base = await loadBase(stage.archive, stage.kind, head);
  if (base === 'damaged') throw new Error('the base is damaged');
  const events = derive(base, await load(stage.archive, stage.kind, head)).map(({ event }) => event);
  return events.filter(({ kind }) => kind === 'change').map(({ type }) => type);
}

/** 200 identities and 30 services each: a company's account. */
function many(): readonly ServiceAccess[] {
  return Array.from({ length: 200 }, (_, who) =>
    Array.from({ length: 30 }, (_, what) =>
      access(`user-${who}`, `service-${what}`, {
        identity: anIdentity(`user-${who}`),
        ...(what % 3 === 0 ? used((who + 1) * HOUR) : {}),
        grantedBy: [{ policy: `policy-${what % 4}` }],
      }),
    ),
  ).flat();
}

test('200 identities and 30 services make one event each, once a day, and every format writes them', async () => {
  const given = auditStage({ clock: movableClock(T0 + HOUR) });
  await given.access(many());
  await given.access(many());
  const head = (await given.stage.archive.head(ACCESS_AUDIT))!;
  const [base, current] = [
    await loadBase(given.stage.archive, given.stage.kind, head),
    await load(given.stage.archive, given.stage.kind, head),
  ];
  if (base === 'damaged') throw new Error('the base is damaged');
  const first = derive(undefined, base!);
  const second = derive(base, current);

  expect(first.filter(({ event }) => event.kind === 'access')).toHaveLength(6_000);
  expect(second.filter(({ changed }) => changed)).toHaveLength(1);
  expect(base!.findings.open.filter(({ check }) => check === 'user.permissions.stale')).toHaveLength(200);
  for (const format of formats) {
    const sizes = first.map(({ event }) => format.encode(event).length);
    expect(Math.max(...sizes)).toBeLessThan(16_384);
  }
});

test('a key that was used from everywhere stays one event that a sink can take', async () => {
  const given = auditStage();
  const rows: KeyUse[] = Array.from({ length: 1_000 }, (_, at) =>
    address('AKIA1', `198.${at % 200}.${Math.floor(at / 200)}.1`, { lastUsedAt: known(T0 - DAY + at) }),
  );
  await given.keys([key, ...rows]);
  await given.send(KEY_AUDIT);

  const sizes = given.received.map((event) => JSON.stringify(event).length);
  expect(Math.max(...sizes)).toBeLessThan(16_384);
});

test('a report with fewer rows of as many identities is no collapse: the granularity may have changed', async () => {
  const given = auditStage();
  await given.access(many());
  await given.access(many().filter(({ service }) => service === 'service-0'));

  expect((await given.stage.archive.head(ACCESS_AUDIT))?.number).toBe(2);
});

test('a key audit that looks less deep takes nothing for gone, and one that looks deeper takes nothing for new', async () => {
  const given = auditStage();
  const gaps = (['service', 'event', 'address', 'resource'] as const).map((what) =>
    keyUse('AKIA1', what, { service: '', lastUsedAt: UNKNOWN }),
  );
  const changes = () => typesOf(given).filter((type) => type.startsWith('access_key.'));

  await given.keys([key, ...gaps]);
  await given.send(KEY_AUDIT);
  await given.keys([key, home, address('AKIA1', '198.51.100.1')]);
  await given.send(KEY_AUDIT);
  await given.keys([key, ...gaps]);
  await given.send(KEY_AUDIT);
  await given.keys([key, home]);
  await given.send(KEY_AUDIT);

  expect((await given.stage.archive.head(KEY_AUDIT))?.number).toBe(4);
  expect(changes()).toEqual([]);

  await given.keys([key, home, address('AKIA1', '192.0.2.1')]);
  await given.send(KEY_AUDIT);

  expect(changes()).toEqual(['access_key.new_network']);
});
