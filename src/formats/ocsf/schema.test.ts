import { describe, expect, test } from 'vitest';
import { HAS_OCSF_SCHEMAS, ocsfClasses, ocsfMistakes } from '../../../test/kit/ocsf-schemas.ts';
import { alice, nameOf, sampleEventsOfAllChecks } from '../../../test/kit/sample-events.ts';
import type { Event } from '../../domain/event.ts';
import { EDITION_1_8 } from './edition-1-8.ts';
import { ocsf } from './ocsf.ts';

const mistakes = (events: readonly Event[]) => events.flatMap((event) => ocsfMistakes(ocsf.encode(event)));

const suite = describe.skipIf(!HAS_OCSF_SCHEMAS);
suite('by the schemas of OCSF 1.8.0 (skipped where ../shared/ocsf is absent)', { timeout: 60_000 }, () => {
  const samples = [alice(), ...sampleEventsOfAllChecks()];
  const changes = samples.filter(({ kind }) => kind === 'change');

  test('every event of every type fits', () => {
    expect(mistakes(samples)).toEqual([]);
  });

  test.each(['alibaba', 'tencent', 'muster', 'toy'])('and those of %s', (provider) => {
    expect(mistakes(samples.map((event) => ({ ...event, account: { ...event.account, provider } })))).toEqual([]);
  });

  test.each(['collaborator', 'wecom_user', 'message_receiver'])('and those of a %s', (kind) => {
    const events = samples.map((event) =>
      event.identity === undefined ? event : { ...event, identity: { ...event.identity, kind } },
    );

    expect(mistakes(events)).toEqual([]);
  });

  test.each(['certificate.created', 'access_key.first_used', 'root.signed_in', 'user.renamed'])(
    'and a change that came later: %s',
    (type) => {
      expect(mistakes(changes.map((event) => ({ ...event, type })))).toEqual([]);
    },
  );

  test('and those with labels, times and names of any kind', () => {
    const odd = { labels: { '': '', 'a.b': 'ü' }, name: '' };
    const events = samples.map((event) => ({
      ...event,
      occurred_at: '1601-01-01T00:00:00Z',
      account: { ...event.account, ...odd },
      ...(event.identity === undefined ? {} : { identity: { ...event.identity, name: '', id: '' } }),
    }));

    expect(mistakes(events)).toEqual([]);
  });

  test("and findings whose checks name others' controls and say what to do", () => {
    const controls = { 'CIS AWS 5.0': '1.3', 'Security Hub': ['IAM.4'], prowler: 'iam_no_root_access_key' };
    const findings = samples.filter(({ check }) => check !== undefined);

    expect(
      mistakes(findings.map((event) => ({ ...event, check: { ...event.check!, controls, remediation: 'remove it' } }))),
    ).toEqual([]);
  });

  test('an unknown attribute is refused: the schemas bite', () => {
    const event = JSON.parse(ocsf.encode(alice()));

    expect(ocsfMistakes(JSON.stringify({ ...event, invented: 1 }))).not.toEqual([]);
    expect(ocsfMistakes(JSON.stringify({ ...event, user: { ...event.user, invented: 1 } }))).not.toEqual([]);
  });

  test("captions of the classes are the schema's own", () => {
    const classes = Object.values(ocsfClasses());

    for (const { uid, name, category, activities } of Object.values(EDITION_1_8.classes)) {
      const known = classes.find(({ class_uid }) => class_uid === uid)!;
      const required = known.attributes['required']!;
      expect(known.caption).toBe(name);
      expect(required['category_uid']!.enum).toEqual({ [category.uid]: category.name });
      expect(required['activity_id']!.enum).toMatchObject(activities);
    }
  });

  test("an event's captions say what its numbers say", () => {
    const classes = Object.values(ocsfClasses());

    for (const event of samples) {
      const written = JSON.parse(ocsf.encode(event));
      const known = classes.find(({ class_uid }) => class_uid === written.class_uid)!;
      const attributes = Object.assign({}, ...Object.values(known.attributes));
      for (const [id, caption] of PAIRS.filter(([id]) => written[id] !== undefined)) {
        expect([nameOf(event), attributes[id].enum[written[id]]]).toEqual([nameOf(event), written[caption]]);
      }
    }
  });
});

const PAIRS = [
  ['severity_id', 'severity'],
  ['status_id', 'status'],
  ['activity_id', 'activity_name'],
  ['type_uid', 'type_name'],
  ['class_uid', 'class_name'],
  ['category_uid', 'category_name'],
  ['confidence_id', 'confidence'],
] as const;
