import { expect, test } from 'vitest';
import { nameOf, sampleEvents } from '../../../test/kit/sample-events.ts';
import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { EDITION_1_8 } from './edition-1-8.ts';
import { ocsfEvents } from './event.ts';

const write = readBack(ocsfEvents(EDITION_1_8));

function readBack(encode: (event: Event) => string) {
  return (event: Event) => JSON.parse(encode(event)) as Record<string, unknown>;
}

/** A change of a line sends the same fact to another place of every SIEM. */
const PINNED: Readonly<Record<string, string>> = {
  'inventory.identity': 'User Inventory Info: Collect 500302',
  'user.created': 'Account Change: Create 300101',
  'user.deleted': 'Account Change: Delete 300106',
  'user.renamed': 'Entity Management: Update 300403',
  'password.changed': 'Account Change: Password Change 300103',
  'mfa.enabled': 'Account Change: MFA Factor Enable 300110',
  'mfa.disabled': 'Account Change: MFA Factor Disable 300111',
  'console.enabled': 'Entity Management: Enable 300408',
  'console.disabled': 'Entity Management: Disable 300409',
  'access_key.created': 'Entity Management: Create 300401',
  'access_key.rotated': 'Entity Management: Update 300403',
  'access_key.activated': 'Entity Management: Enable 300408',
  'access_key.deactivated': 'Entity Management: Disable 300409',
  'access_key.deleted': 'Entity Management: Delete 300404',
  'certificate.created': 'Entity Management: Create 300401',
  'certificate.activated': 'Entity Management: Enable 300408',
  'certificate.deactivated': 'Entity Management: Disable 300409',
  'certificate.deleted': 'Entity Management: Delete 300404',
  'service_credential.created': 'Entity Management: Create 300401',
  'service_credential.activated': 'Entity Management: Enable 300408',
  'service_credential.deactivated': 'Entity Management: Disable 300409',
  'service_credential.deleted': 'Entity Management: Delete 300404',
  'login_protection.enabled': 'Entity Management: Enable 300408',
  'login_protection.disabled': 'Entity Management: Disable 300409',
  'operation_protection.enabled': 'Entity Management: Enable 300408',
  'operation_protection.disabled': 'Entity Management: Disable 300409',
  'access_key.first_used': 'Detection Finding: Create 200401',
  'access_key.used_again': 'Detection Finding: Create 200401',
  'access_key.new_region': 'Detection Finding: Create 200401',
  'access_key.new_service': 'Detection Finding: Create 200401',
  'access_key.at_risk': 'Detection Finding: Create 200401',
  'console.first_login': 'Detection Finding: Create 200401',
  'console.login_again': 'Detection Finding: Create 200401',
  'login.abnormal': 'Detection Finding: Create 200401',
  'root.signed_in': 'Detection Finding: Create 200401',
  'root.key_used': 'Detection Finding: Create 200401',
  'access_key.new_network': 'Detection Finding: Create 200401',
  'access_key.new_address': 'Detection Finding: Create 200401',
  'access.first_use': 'Detection Finding: Create 200401',
  'access.action_first_use': 'Detection Finding: Create 200401',
  'access.identity': 'User Inventory Info: Collect 500302',
  'access.service': 'User Inventory Info: Collect 500302',
  'access.key': 'User Inventory Info: Collect 500302',
  'access.key_service': 'User Inventory Info: Collect 500302',
  'finding.baseline user.permissions.stale': 'IAM Analysis Finding: Create 200801',
  'finding.baseline policy.unused': 'IAM Analysis Finding: Create 200801',
  'finding.baseline key.many_places': 'IAM Analysis Finding: Create 200801',
  'finding.baseline data.key_use.contradicts': 'Compliance Finding: Create 200301',
  'finding.closed user.permissions.stale': 'IAM Analysis Finding: Close 200803',
  'finding.closed policy.unused': 'IAM Analysis Finding: Close 200803',
  'finding.closed key.many_places': 'IAM Analysis Finding: Close 200803',
  'finding.closed data.key_use.contradicts': 'Compliance Finding: Close 200303',
  'finding.baseline root.key.exists': 'Compliance Finding: Create 200301',
  'finding.baseline user.console.no_mfa': 'Compliance Finding: Create 200301',
  'finding.baseline user.key.too_old': 'IAM Analysis Finding: Create 200801',
  'finding.opened root.key.exists': 'Compliance Finding: Create 200301',
  'finding.closed root.key.exists': 'Compliance Finding: Close 200303',
  'finding.closed user.console.no_mfa': 'Compliance Finding: Close 200303',
  'finding.closed user.key.too_old': 'IAM Analysis Finding: Close 200803',
  'finding.open root.key.exists': 'Compliance Finding: Update 200302',
  'finding.open user.key.too_old': 'IAM Analysis Finding: Update 200802',
  'summary.report': 'Scan Activity: Completed 600702',
  'account.status': 'Application Lifecycle: Update 600208',
  'health.source.failing': 'Application Error: General Error 600801',
  'health.source.late': 'Application Error: General Error 600801',
  'health.source.quarantined': 'Application Error: General Error 600801',
  'health.source.held': 'Application Error: General Error 600801',
  'health.source.left': 'Application Lifecycle: Disable 600207',
  'health.source.recovered': 'Application Lifecycle: Enable 600206',
  'health.sink.failing': 'Application Error: General Error 600801',
  'health.sink.late': 'Application Error: General Error 600801',
  'health.sink.quarantined': 'Application Error: General Error 600801',
  'health.sink.held': 'Application Error: General Error 600801',
  'health.sink.left': 'Application Lifecycle: Disable 600207',
  'health.sink.recovered': 'Application Lifecycle: Enable 600206',
  'health.organization.failing': 'Application Error: General Error 600801',
  'health.organization.late': 'Application Error: General Error 600801',
  'health.organization.quarantined': 'Application Error: General Error 600801',
  'health.organization.held': 'Application Error: General Error 600801',
  'health.organization.left': 'Application Lifecycle: Disable 600207',
  'health.organization.recovered': 'Application Lifecycle: Enable 600206',
};

const isNotAnUpdate = ({ kind, before }: Event) => kind !== 'finding' || before === undefined;

function placeOf(event: Event): string {
  const { type_name, type_uid } = write(event);
  return `${String(type_name)} ${String(type_uid)}`;
}

test('class and activity are pinned for every type of event', () => {
  expect(
    Object.fromEntries(
      sampleEvents()
        .filter(isNotAnUpdate)
        .map((event) => [nameOf(event), placeOf(event)]),
    ),
  ).toEqual(PINNED);
});

test.each([
  ['user.console.no_mfa', 'Compliance Finding: Create 200301'],
  ['root.key.exists', 'Compliance Finding: Create 200301'],
  ['user.key.too_old', 'IAM Analysis Finding: Create 200801'],
  ['user.key.unused', 'IAM Analysis Finding: Create 200801'],
  ['user.key.never_used', 'IAM Analysis Finding: Create 200801'],
  ['user.key.inactive_left', 'IAM Analysis Finding: Create 200801'],
  ['user.password.unused', 'IAM Analysis Finding: Create 200801'],
  ['user.password.expired', 'IAM Analysis Finding: Create 200801'],
  ['user.inactive', 'IAM Analysis Finding: Create 200801'],
  ['user.in_use', 'IAM Analysis Finding: Create 200801'],
  ['user.permissions.stale', 'IAM Analysis Finding: Create 200801'],
  ['policy.unused', 'IAM Analysis Finding: Create 200801'],
  ['key.many_places', 'IAM Analysis Finding: Create 200801'],
  ['data.key_use.contradicts', 'Compliance Finding: Create 200301'],
  ['root.mfa.missing', 'Compliance Finding: Create 200301'],
  ['root.used.recently', 'Compliance Finding: Create 200301'],
  ['root.cert.active', 'Compliance Finding: Create 200301'],
  ['user.any.no_mfa', 'Compliance Finding: Create 200301'],
  ['user.key.two_active', 'Compliance Finding: Create 200301'],
  ['user.key.extra', 'Compliance Finding: Create 200301'],
  ['user.cert.active', 'Compliance Finding: Create 200301'],
  ['user.password_and_key', 'Compliance Finding: Create 200301'],
  ['key.leak_suspected', 'Compliance Finding: Create 200301'],
  ['key.service_specific', 'Compliance Finding: Create 200301'],
  ['login.abnormal', 'Compliance Finding: Create 200301'],
  ['login.protection_off', 'Compliance Finding: Create 200301'],
  ['canary.used', 'Compliance Finding: Create 200301'],
  ['org.root_creds.present', 'Compliance Finding: Create 200301'],
  ['root.mfa.not_hardware', 'Compliance Finding: Create 200301'],
  ['a.check.of.tomorrow', 'Compliance Finding: Create 200301'],
])('a finding of %s goes to %s', (id, place) => {
  const opened = sampleEvents().find(({ type, before }) => type === 'finding.opened' && before === undefined)!;

  expect(placeOf({ ...opened, check: { id, title: id } })).toBe(place);
});

const sample = sampleEvents().find(({ type }) => type === 'access_key.created')!;

test.each([
  ['change', 'group.created', 'Entity Management: Create 300401'],
  ['change', 'door.disabled', 'Entity Management: Disable 300409'],
  ['change', 'user.renamed', 'Entity Management: Update 300403'],
  ['change', 'door.first_used', 'Detection Finding: Create 200401'],
  ['change', 'constructor', 'Detection Finding: Create 200401'],
  ['finding', 'finding.open', 'Compliance Finding: Update 200302'],
  ['finding', 'finding.other', 'Compliance Finding: Update 200302'],
  ['access', 'access.door', 'User Inventory Info: Log 500301'],
  ['health', 'health.queue.failing', 'Application Error: General Error 600801'],
  ['health', 'health.queue.left', 'Application Lifecycle: Disable 600207'],
  ['health', 'health.queue.unheard_of', 'Application Error: General Error 600801'],
] as const)('a type that came later has a place by its kind and its verb: %s %s', (kind, type, place) => {
  expect(placeOf({ ...sample, kind, type })).toBe(place);
});

test('a finding that was open and weighs otherwise is an update', () => {
  const reopened = sampleEvents().find(({ type, before }) => type === 'finding.opened' && before !== undefined)!;

  expect(placeOf(reopened)).toBe('Compliance Finding: Update 200302');
});

test('activity 0 and 99 are used by nothing', () => {
  const { places, updates, verbs, kinds } = EDITION_1_8;
  const activities = [places, updates, kinds, ...Object.values(verbs)].flatMap((table) =>
    Object.values(table).map(({ activity }) => activity),
  );

  expect(activities.filter((activity) => activity === 0 || activity === 99)).toEqual([]);
});

test('another release of OCSF is another table', () => {
  const management = { ...EDITION_1_8.classes.user, uid: 3007, name: 'User Management' };
  const next: Edition = {
    ...EDITION_1_8,
    version: '1.9.0',
    classes: { ...EDITION_1_8.classes, user: { ...management, activities: { 13: 'Disable MFA Factors' } } },
    places: { ...EDITION_1_8.places, 'mfa.disabled': { body: 'user', activity: 13 } },
    attributes: { userResult: 'updated_user', entityResult: 'updated_entity' },
  };
  const event = sampleEvents().find(({ type }) => type === 'mfa.disabled')!;

  expect(readBack(ocsfEvents(next))(event)).toMatchObject({
    type_uid: 300713,
    type_name: 'User Management: Disable MFA Factors',
    metadata: { version: '1.9.0' },
    user: { has_mfa: true },
    updated_user: { has_mfa: false },
  });
});
