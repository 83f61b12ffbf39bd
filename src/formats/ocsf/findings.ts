import type { Event } from '../../domain/event.ts';
import { addressesOf } from '../addresses-of.ts';
import { areControlsTold, checkOf, remediationOf, standardsOf } from './check.ts';
import { credentialObservable, type Homes, type Layout, userObservables, windowOf } from './layout.ts';
import { cloudNamed, credentialUid, madeUid, millis, type Part, userOf } from './parts.ts';

const ID = new Set(['id']);
const RULE = { type_id: 1, type: 'Rule' };
const AFFECTED = { role_id: 3, role: 'Affected' };
const CERTAIN: Part = { confidence_id: 3, confidence: 'High' };

export const VERDICTS: ReadonlyMap<string, readonly [number, string]> = new Map([
  ['fail', [3, 'Fail']],
  ['warn', [2, 'Warning']],
]);

/** 2003 Compliance Finding: a control that one identity or credential does not meet. */
export function complianceLayout(event: Event): Layout {
  const { check, status, data } = event;
  const verdict = VERDICTS.get(String(data?.['verdict']));
  const isTold = verdict !== undefined && status === 'open';
  const finding = findingLayout(event, isTold ? ['verdict'] : []);
  const { check: told } = finding.homes;
  const isControlTold = told !== undefined && told !== true && areControlsTold(event);
  return {
    ...finding,
    homes: isControlTold ? { ...finding.homes, check: new Set([...told, 'controls']) } : finding.homes,
    first: {
      ...finding.first,
      compliance: {
        control: check?.id ?? event.type,
        ...standardsOf(event),
        ...(isTold ? { status_id: verdict[0], status: verdict[1] } : {}),
      },
    },
  };
}

/** 2008 IAM Analysis Finding: a credential that is old, or that nobody uses, and permissions that nobody uses. */
export function analysisLayout(event: Event): Layout {
  const finding = findingLayout(event, []);
  const { credential, identity, account } = event;
  const keys =
    credential === undefined
      ? []
      : [{ uid: affectedUid(event), type: `${cloudNamed(account.provider)} ${credentialName(credential.kind)}` }];
  return {
    ...finding,
    first: {
      user: userOf(identity),
      ...finding.first,
      identity_activity_metrics: keys.length === 0 ? {} : { programmatic_credentials: keys },
      ...permissionsOf(event),
    },
    observables: [...userObservables('user', event), ...credentialObservable('resources[0].uid', credential?.id)],
  };
}

/** What is granted and unused; the names of it all stand under `unmapped`. */
function permissionsOf({ data }: Event): Part {
  const services = countOf(data, 'unused_services');
  if (services === undefined) return {};
  const actions = countOf(data, 'unused_actions');
  const result = {
    ...(typeof data?.['policy'] === 'string' ? { policy: { name: data['policy'] } } : {}),
    unused_services_count: services,
    ...(actions === undefined ? {} : { unused_privileges_count: actions }),
  };
  return { permission_analysis_results: [result] };
}

function countOf(data: Event['data'], name: string): number | undefined {
  const list = data?.[name];
  const cut = { ...(data?.['cut'] as Part | undefined) }[name]; // Muster's own
  return Array.isArray(list) ? list.length + (typeof cut === 'number' ? cut : 0) : undefined;
}

/** 2004 Detection Finding: use or danger of a credential that two reports give away. There is nothing to close. */
export function detectionLayout(event: Event): Layout {
  const { id, type, severity, identity, occurred_at, data } = event;
  const window = windowOf(event);
  return {
    first: {
      finding_info: {
        uid: id,
        title: type,
        first_seen_time: millis(occurred_at),
        analytic: { uid: type, name: type, ...RULE },
      },
      ...(identity === undefined ? {} : { evidences: evidencesOf(event), resources: [resourceOf(event)] }),
      is_alert: severity === 'high' || severity === 'critical',
    },
    observables: [...observablesOf(event), ...addressObservables(event)],
    next: { ...window, status_id: 1, status: 'New', ...CERTAIN },
    homes: {
      ...credentialHome(event),
      ...(window === undefined || data === undefined ? {} : { data: new Set(['window']) }),
    },
  };
}

/** One for each address that a key was used from, where that is the news. */
function evidencesOf(event: Event): readonly Part[] {
  const user = userOf(event.identity);
  const addresses = addressesOf(event);
  return addresses.length === 0 ? [{ user }] : addresses.map((ip) => ({ user, src_endpoint: { ip } }));
}

function addressObservables(event: Event): Layout['observables'] {
  if (event.identity === undefined) return [];
  return addressesOf(event).map((value, at) => ({ name: `evidences[${at}].src_endpoint.ip`, type_id: 2, value }));
}

function findingLayout(event: Event, toldData: readonly string[]): Layout {
  const { check, finding_id, cause, data } = event;
  const since = millis(data?.['since']);
  const window = windowOf(event);
  const told = [...toldData, ...(since === undefined ? [] : ['since']), ...(window === undefined ? [] : ['window'])];
  return {
    first: {
      finding_info: {
        uid: finding_id ?? event.id,
        title: check?.title ?? event.type,
        types: ['Credential Hygiene'],
        first_seen_time: since,
        ...(check === undefined ? {} : { analytic: { uid: check.id, name: check.title, ...RULE } }),
      },
      ...(event.identity === undefined ? {} : { resources: [resourceOf(event)] }),
    },
    observables: observablesOf(event),
    next: { ...window, ...statusOf(event), status_detail: cause, ...confidenceOf(event), ...remediationOf(event) },
    homes: {
      finding_id: true,
      cause: true,
      ...(event.status === plainStatus(statusOf(event).status_id) ? { status: true } : {}),
      ...(check === undefined ? {} : { check: checkHome(event) }),
      ...credentialHome(event),
      ...(data === undefined ? {} : { data: new Set(told) }),
    },
  };
}

function checkHome(event: Event): ReadonlySet<string> {
  return typeof checkOf(event)['remediation'] === 'string' ? REMEDIED_CHECK : CHECK;
}

const CHECK = new Set(['id', 'title']);
const REMEDIED_CHECK = new Set([...CHECK, 'remediation']);

/** What is closed by an exception is not mended, and what is closed by a rule is no longer asked. */
function statusOf({ status, cause }: Event): { readonly status_id: number; readonly status: string } {
  if (status !== 'closed') return { status_id: 1, status: 'New' };
  if (cause === 'exception') return { status_id: 3, status: 'Suppressed' };
  return cause === 'rules' ? { status_id: 5, status: 'Archived' } : { status_id: 4, status: 'Resolved' };
}

export function plainStatus(statusId: unknown): string {
  return statusId === 1 ? 'open' : 'closed';
}

/** Of a finding that this report does not tell of, the last that was known is kept. */
function confidenceOf({ data }: Event): Part {
  return data?.['verdict'] === 'unknown' ? { confidence_id: 1, confidence: 'Low' } : CERTAIN;
}

/** The affected credential, else the user. */
function resourceOf(event: Event): Part {
  const { identity, credential, account } = event;
  const what = credential === undefined ? (identity?.kind ?? 'user') : credential.kind;
  return {
    uid: affectedUid(event),
    ...(credential === undefined ? { name: identity?.name } : {}),
    type: account.provider === 'aws' ? awsType(what) : `${cloudNamed(account.provider)} ${credentialName(what)}`,
    ...AFFECTED,
    owner: userOf(identity),
  };
}

function affectedUid({ identity, credential }: Event): string {
  const owner = identity?.id ?? '';
  return credential === undefined ? owner : credentialUid(owner, credential.kind, { ...credential });
}

const AWS_TYPES: ReadonlyMap<string, string> = new Map([
  ['root', 'AWS::IAM::RootUser'],
  ['user', 'AWS::IAM::User'],
  ['role', 'AWS::IAM::Role'],
  ['group', 'AWS::IAM::Group'],
  ['access_key', 'AWS::IAM::AccessKey'],
]);

function awsType(what: string): string {
  return AWS_TYPES.get(what) ?? `AWS ${credentialName(what)}`;
}

function credentialName(kind: string): string {
  return kind
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function observablesOf(event: Event): Layout['observables'] {
  return [
    ...userObservables('resources[0].owner', event),
    ...credentialObservable('resources[0].uid', event.credential?.id),
  ];
}

function credentialHome({ credential, identity }: Event): Homes {
  if (credential?.id === undefined || identity === undefined) return {};
  return credential.id === madeUid(identity.id, credential.kind, credential.created_at) ? {} : { credential: ID };
}
