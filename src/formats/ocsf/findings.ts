import type { Event } from '../../domain/event.ts';
import { addressesOf } from '../addresses-of.ts';
import { areControlsTold, checkOf, remediationOf, standardsOf } from './check.ts';
import { credentialObservable, type Homes, type Layout, observable, userObservables, windowOf } from './layout.ts';
import { cloudNamed, credentialUid, madeUid, millis, userOf } from './parts.ts';
import { item, joined, list, member, members, part } from './text.ts';

const ID = new Set(['id']);
const RULE = members({ type_id: 1, type: 'Rule' });
const AFFECTED = members({ role_id: 3, role: 'Affected' });
const HYGIENE = member('types', ['Credential Hygiene']);
const CERTAIN = members({ confidence_id: 3, confidence: 'High' });
const UNCERTAIN = members({ confidence_id: 1, confidence: 'Low' });

const userObservablesOf = userObservables('user');
const ownerObservablesOf = userObservables('resources[0].owner');

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
  const compliance =
    member('control', check?.id ?? event.type) +
    standardsOf(event) +
    (isTold ? members({ status_id: verdict[0], status: verdict[1] }) : '');
  return {
    ...finding,
    homes: isControlTold ? { ...finding.homes, check: new Set([...told, 'controls']) } : finding.homes,
    first: finding.first + part('compliance', compliance),
  };
}

/** 2008 IAM Analysis Finding: a credential that is old, or that nobody uses, and permissions that nobody uses. */
export function analysisLayout(event: Event): Layout {
  const finding = findingLayout(event, []);
  const { credential, identity } = event;
  const metrics = credential === undefined ? '' : list('programmatic_credentials', item(keyOf(event, credential.kind)));
  return {
    ...finding,
    first:
      `,"user":${userOf(identity)}}` +
      finding.first +
      part('identity_activity_metrics', metrics) +
      permissionsOf(event),
    observables: joined(userObservablesOf(event), credentialObservable('resources[0].uid', credential?.id)),
  };
}

function keyOf(event: Event, kind: string): string {
  const type = `${cloudNamed(event.account.provider)} ${credentialName(kind)}`;
  return member('uid', affectedUid(event)) + member('type', type);
}

/** What is granted and unused; the names of it all stand under `unmapped`. */
function permissionsOf({ data }: Event): string {
  const services = countOf(data, 'unused_services');
  if (services === undefined) return '';
  const policy = data?.['policy'];
  const result =
    (typeof policy === 'string' ? part('policy', member('name', policy)) : '') +
    member('unused_services_count', services) +
    member('unused_privileges_count', countOf(data, 'unused_actions'));
  return list('permission_analysis_results', item(result));
}

function countOf(data: Event['data'], name: string): number | undefined {
  const list = data?.[name];
  const cut = { ...(data?.['cut'] as Event['data']) }[name]; // Muster's own
  return Array.isArray(list) ? list.length + (typeof cut === 'number' ? cut : 0) : undefined;
}

/** 2004 Detection Finding: use or danger of a credential that two reports give away. There is nothing to close. */
export function detectionLayout(event: Event): Layout {
  const { id, type, severity, identity, occurred_at, data } = event;
  const window = windowOf(event);
  const analytic = member('uid', type) + member('name', type) + RULE;
  const info =
    member('uid', id) +
    member('title', type) +
    member('first_seen_time', millis(occurred_at)) +
    part('analytic', analytic);
  const isAlert = severity === 'high' || severity === 'critical';
  return {
    first:
      part('finding_info', info) +
      (identity === undefined ? '' : list('evidences', evidencesOf(event)) + resourcesOf(event)) +
      member('is_alert', isAlert),
    observables: joined(observablesOf(event), addressObservables(event)),
    next: window + members({ status_id: 1, status: 'New' }) + CERTAIN,
    homes: {
      ...credentialHome(event),
      ...(window === '' || data === undefined ? {} : { data: new Set(['window']) }),
    },
  };
}

/** One for each address that a key was used from, where that is the news. */
function evidencesOf(event: Event): string {
  const user = `,"user":${userOf(event.identity)}}`;
  const addresses = addressesOf(event);
  if (addresses.length === 0) return item(user);
  return addresses.map((ip) => item(user + part('src_endpoint', member('ip', ip)))).join(',');
}

function addressObservables(event: Event): string {
  if (event.identity === undefined) return '';
  return addressesOf(event)
    .map((value, at) => observable(`evidences[${at}].src_endpoint.ip`, 2, value))
    .join(',');
}

function findingLayout(event: Event, toldData: readonly string[]): Layout {
  const { check, finding_id, cause, data } = event;
  const since = millis(data?.['since']);
  const window = windowOf(event);
  const told = [...toldData, ...(since === undefined ? [] : ['since']), ...(window === '' ? [] : ['window'])];
  const info =
    member('uid', finding_id ?? event.id) +
    member('title', check?.title ?? event.type) +
    HYGIENE +
    member('first_seen_time', since) +
    (check === undefined ? '' : part('analytic', member('uid', check.id) + member('name', check.title) + RULE));
  const status = statusOf(event);
  return {
    first: part('finding_info', info) + (event.identity === undefined ? '' : resourcesOf(event)),
    observables: observablesOf(event),
    next: window + members(status) + member('status_detail', cause) + confidenceOf(event) + remediationOf(event),
    homes: {
      finding_id: true,
      cause: true,
      ...(event.status === plainStatus(status.status_id) ? { status: true } : {}),
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
function confidenceOf({ data }: Event): string {
  return data?.['verdict'] === 'unknown' ? UNCERTAIN : CERTAIN;
}

/** The affected credential, else the user. */
function resourcesOf(event: Event): string {
  const { identity, credential, account } = event;
  const what = credential === undefined ? (identity?.kind ?? 'user') : credential.kind;
  const type = account.provider === 'aws' ? awsType(what) : `${cloudNamed(account.provider)} ${credentialName(what)}`;
  const resource =
    member('uid', affectedUid(event)) +
    (credential === undefined ? member('name', identity?.name) : '') +
    member('type', type) +
    AFFECTED +
    `,"owner":${userOf(identity)}}`;
  return list('resources', item(resource));
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

function observablesOf(event: Event): string {
  return joined(ownerObservablesOf(event), credentialObservable('resources[0].uid', event.credential?.id));
}

function credentialHome({ credential, identity }: Event): Homes {
  if (credential?.id === undefined || identity === undefined) return {};
  return credential.id === madeUid(identity.id, credential.kind, credential.created_at) ? {} : { credential: ID };
}
