import { derive } from '../../src/derive/derive.ts';
import { COVERAGE_STATES } from '../../src/domain/coverage.ts';
import type { Event } from '../../src/domain/event.ts';
import { HEALTH_STATES } from '../../src/domain/event-types.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { auditReports } from './audit-reports.ts';
import {
  ABSENT,
  ALL_CHECKS,
  accessKey,
  consoleUser,
  DAY,
  FIRST_CHECKS,
  HOUR,
  known,
  loaded,
  NEVER,
  root,
  T0,
  UNKNOWN,
  user,
} from './records.ts';
import { laterReports, usageReports } from './usage-reports.ts';

/** Events of every type that Muster derives, of users with much and with little. */
export function sampleEvents(): readonly Event[] {
  return sampled(FIRST_CHECKS);
}

/** The same, with the findings of every check. */
export function sampleEventsOfAllChecks(): readonly Event[] {
  return sampled(ALL_CHECKS);
}

function sampled(rules: Rules): readonly Event[] {
  return [
    ...credentialEvents(rules),
    ...usageEvents(rules),
    ...laterEvents(rules),
    ...auditEvents(),
    ...healthEvents(),
    ...statusEvents(),
  ];
}

/** One event of each type, the first that there is: what golden files show. */
export function oneOfEachType(): readonly Event[] {
  const first = new Map<string, Event>([['alice', alice()]]);
  for (const event of sampleEvents()) if (!first.has(nameOf(event))) first.set(nameOf(event), event);
  return [...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
}

/** Findings are of several kinds of their own. */
export function nameOf({ type, check }: Event): string {
  return check === undefined ? type : `${type} ${check.id}`;
}

const events = (previous: LoadedReport | undefined, current: LoadedReport) =>
  derive(previous, current).map(({ event }) => event);

/** The columns of a live AWS report. */
const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'.split(
    ',',
  );
const ALICE_CELLS =
  'alice,arn:aws:iam::123456789012:user/alice,2025-08-07T12:00:00Z,true,2026-09-10T08:15:00Z,2026-08-12T12:00:00Z,N/A,true,true,2026-08-12T12:00:00Z,2026-09-11T11:20:00Z,eu-central-1,s3,false,2026-06-03T12:00:00Z,N/A,N/A,N/A,false,N/A,false,N/A'.split(
    ',',
  );

/** An ordinary user of a live AWS report: a password, MFA, a key in use and one that is switched off. */
export function alice(): Event {
  const used = {
    id: 'AKIAIOSFODNN7EXAMPLE',
    createdAt: known(T0 - 30 * DAY),
    lastUsedAt: known(T0 - 40 * 60_000),
    lastUsedRegion: known('eu-central-1'),
    lastUsedService: known('s3'),
  };
  const record = consoleUser('alice', {
    identity: { uniqueId: 'AIDAIOSFODNN7EXAMPLE' },
    mfa: known(true),
    console: { lastUsedAt: known(Date.UTC(2026, 8, 10, 8, 15)) },
    accessKeys: [accessKey(used), accessKey({ slot: 2, active: known(false), createdAt: known(T0 - 100 * DAY) })],
    cells: ALICE_CELLS,
  });
  const [first] = events(undefined, loaded([record], { parsed: { columns: COLUMNS } })).filter(
    ({ kind }) => kind === 'inventory',
  );
  if (first === undefined) throw new Error('no inventory');
  return first;
}

function credentialEvents(rules: Rules): readonly Event[] {
  const old = accessKey({ createdAt: known(T0 - 100 * DAY), id: 'AKIA1' });
  const first = loaded(
    [
      root(),
      user('enabled', { mfa: known(false) }),
      consoleUser('disabled', { mfa: known(true) }),
      consoleUser('changed'),
      user('keys', { accessKeys: [old, accessKey({ slot: 2, active: known(false) })] }),
      user('more', { accessKeys: [old, accessKey({ slot: 2 })] }),
      user('gone', { accessKeys: [old] }),
      user('again'),
    ],
    { rules },
  );
  const second = loaded(
    [
      root({ accessKeys: [accessKey({ active: known(false) }), accessKey({ slot: 2, createdAt: UNKNOWN })] }),
      consoleUser('enabled', { mfa: known(true), identity: { uniqueId: 'AIDA1' } }),
      user('disabled', { mfa: known(false) }),
      consoleUser('changed', { console: { passwordChangedAt: known(T0 + HOUR) }, mfa: UNKNOWN }),
      user('keys', { accessKeys: [accessKey({ createdAt: known(T0 + HOUR) }), accessKey({ slot: 2 })] }),
      user('more', { accessKeys: [accessKey({ active: known(false) })] }),
      user('again', { identity: { createdAt: known(T0) } }),
      everything(),
    ],
    { previous: first, rules },
  );
  const third = loaded([root({ accessKeys: [accessKey()] })], { previous: second, rules });
  return [...events(undefined, first), ...events(first, second), ...events(second, third)];
}

function usageEvents(rules: Rules): readonly Event[] {
  const [before, after] = usageReports();
  const first = loaded(before, { rules });
  return [...events(undefined, first), ...events(first, loaded(after, { previous: first, rules }))];
}

function auditEvents(): readonly Event[] {
  return auditReports().flatMap(([first, second]) => [...events(undefined, first), ...events(first, second)]);
}

/** A day later: what is still open, what an exception closes, and keys in places that they were not seen in. */
function laterEvents(rules: Rules): readonly Event[] {
  const [before, after] = laterReports();
  const first = loaded(before, { rules });
  const exception = {
    owner: 'security',
    reason: 'has a token in the safe',
    until: '2026-12-31',
    identities: ['glass*'],
  };
  const generatedAt = T0 + DAY;
  return events(first, loaded(after, { previous: first, generatedAt, rules, exceptions: [exception] }));
}

function everything() {
  const bedrock = { id: 'A', service: 'bedrock', active: known(true), createdAt: known(T0), expiresAt: ABSENT };
  return user('all', {
    certificates: [{ slot: 1, active: known(true), createdAt: known(T0) }],
    serviceCredentials: [bedrock],
    console: { enabled: UNKNOWN, lastUsedAt: NEVER },
    loginProtection: known(false),
    abnormalLogins: UNKNOWN,
  });
}

function healthEvents(): readonly Event[] {
  const source = sourceName({ provider: 'muster', accountId: 'main', kind: 'health' });
  const states = HEALTH_STATES.filter((state) => state !== 'recovered');
  const trouble = { fault: 'denied', message: 'may not', since: '2026-09-11T12:00:00Z' } as const;
  const troubles = Object.fromEntries(states.map((state) => [`aws/1/${state}`, { ...trouble, state }]));
  const sinks = Object.fromEntries(states.map((state) => [`sink-${state}`, { ...trouble, state }]));
  const organizations = Object.fromEntries(states.map((state) => [`aws/org-${state}`, { ...trouble, state }]));
  const sick = loaded([], { source, health: { version: 1, sources: troubles, sinks, organizations } });
  const well = loaded([], { source, health: { version: 1, sources: {}, sinks: {} }, previous: sick });
  return [...events(undefined, sick), ...events(sick, well)].map(ofTheDeployment);
}

/** Accounts of which much is told, and little. */
function statusEvents(): readonly Event[] {
  const source = sourceName({ provider: 'muster', accountId: 'main', kind: 'coverage' });
  const id = { provider: 'aws', account_id: '123456789012', name: 'prod' };
  const owned = { organization: 'main', owner: 'payments', until: '2027-03-01', generated_at: '2026-09-11T08:00:00Z' };
  const states = COVERAGE_STATES.map((state) => ({ ...id, state, why: [] }));
  const accounts = [
    { ...id, ...owned, labels: { bu: 'retail' }, state: 'excluded' as const, why: ['sandbox'] },
    ...states,
  ];
  return events(undefined, loaded([], { source, coverage: accounts })).filter(({ kind }) => kind === 'health');
}

/** As the daemon files it: Muster's own state is of no cloud. */
function ofTheDeployment(event: Event): Event {
  const isAboutASource = typeof event.data?.['source'] === 'string';
  return isAboutASource ? event : { ...event, account: { provider: 'muster', id: 'main', name: 'main', labels: {} } };
}
