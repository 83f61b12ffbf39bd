import type { Event, EventIdentity } from '../domain/event.ts';
import { VERSION } from '../kit/version.ts';
import { addressesOf } from './addresses-of.ts';
import { actionOf, CATEGORIES, KINDS, SCORES, TYPES } from './ecs-words.ts';
import type { Format } from './format.ts';
import { rawOf } from './raw-cells.ts';

type Part = Readonly<Record<string, unknown>>;

const ECS = { version: '9.4.0' };
const OBSERVER = { vendor: 'Muster', product: 'Muster', version: VERSION };

/** Elastic Common Schema 9.4, nested, one event a line; what ECS has no field for stands under `muster`. */
export const ecs: Format = {
  name: 'ecs',
  encode: (event) => JSON.stringify(ecsEvent(event)),
};

/** `@timestamp` is when Muster learned of it, so that a rule that looks back minutes finds it; `event.start` is when it happened. */
function ecsEvent(event: Event): Part {
  const { account, kind, report, data } = event;
  const original = rawOf(data?.['cells']);
  return {
    '@timestamp': event.time,
    message: event.message,
    event: eventOf(event, original),
    ...(kind === 'change' ? targetOf(event) : usersOf(event)),
    ...relatedOf(event),
    ...(account.provider === 'muster' ? {} : { cloud: cloudOf(event) }),
    ...ruleOf(event),
    ...errorOf(event),
    ecs: ECS,
    observer: OBSERVER,
    data_stream: { type: 'logs', dataset: `muster.${kind}`, namespace: 'default' },
    log: { level: LEVELS[event.severity], logger: report.source },
    labels: Object.fromEntries(Object.entries(account.labels).map(([label, value]) => [labelName(label), value])),
    tags: Object.entries(account.labels).map(([label, value]) => `${label}:${value}`),
    muster: ownOf(event, original === undefined ? data : withoutCells(data)),
  };
}

function relatedOf(event: Event): Part {
  const { identity } = event;
  if (identity === undefined) return {};
  const ip = addressesOf(event);
  return { related: { user: [...new Set([identity.id, identity.name])], ...(ip.length === 0 ? {} : { ip }) } };
}

const LEVELS: Readonly<Record<Event['severity'], string>> = {
  informational: 'info',
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};

function eventOf(event: Event, original: string | undefined): Part {
  const { id, kind, type, severity, report, occurred_at } = event;
  return {
    id,
    kind: KINDS[kind](event),
    ...(CATEGORIES[kind] === undefined ? {} : { category: [CATEGORIES[kind]] }),
    ...(CATEGORIES[kind] === undefined ? {} : { type: TYPES[kind](event) }),
    action: actionOf(type),
    code: type,
    outcome: kind === 'health' && !/\.(?:left|recovered)$/.test(type) ? 'failure' : 'success',
    severity: SCORES[severity],
    risk_score: SCORES[severity],
    original,
    start: occurred_at,
    created: report.collected_at,
    module: 'muster',
    dataset: `muster.${kind}`,
    provider: report.source,
    sequence: report.number,
  };
}

/** A dot in a name would make an object of it. */
function labelName(label: string): string {
  return label.replaceAll('.', '_');
}

/** In a change `user` would be who did it, which a report does not tell. */
function targetOf(event: Event): Part {
  const { identity, after } = event;
  if (identity === undefined) return {};
  const mfa = after?.['mfa_enabled'];
  return {
    user: {
      target: {
        ...userOf(identity),
        ...(typeof mfa === 'boolean' ? { entity: { attributes: { mfa_enabled: mfa } } } : {}),
      },
    },
  };
}

function usersOf({ identity, kind, data }: Event): Part {
  if (identity === undefined) return {};
  const mfa = data?.['mfa_enabled'];
  const entity: Part = {
    id: identity.id,
    name: identity.name,
    type: ['user'],
    sub_type: identity.kind,
    ...(typeof mfa === 'boolean' ? { attributes: { mfa_enabled: mfa } } : {}),
  };
  return kind === 'inventory' ? { user: { ...userOf(identity), entity }, entity } : { user: userOf(identity) };
}

function userOf({ id, name, kind }: EventIdentity): Part {
  return { id, name, roles: [kind] };
}

const SERVICES: ReadonlyMap<string, string> = new Map([
  ['aws', 'iam'],
  ['alibaba', 'ram'],
  ['tencent', 'cam'],
]);

function cloudOf({ account }: Event): Part {
  const service = SERVICES.get(account.provider);
  return {
    provider: account.provider,
    account: { id: account.id, name: account.name },
    ...(service === undefined ? {} : { service: { name: service } }),
  };
}

function ruleOf({ check }: Event): Part {
  if (check === undefined) return {};
  return { rule: { id: check.id, name: check.title, category: 'credential hygiene', ruleset: 'muster' } };
}

function errorOf({ kind, data }: Event): Part {
  const { fault, message } = data ?? {};
  if (kind !== 'health' || fault === undefined) return {};
  return { error: { code: fault, message } };
}

/** A column could have any name, and a data stream has room for few: the cells are text, in `event.original`. */
function withoutCells(data: Part = {}): Part {
  const { cells: _, ...others } = data;
  return others;
}

/** All of the plain event that stands nowhere else. */
function ownOf(event: Event, data: Part | undefined): Part {
  const { kind, type, severity, account, identity, credential, before, after } = event;
  const { check, finding_id, status, cause, data: _, report, ...others } = event;
  const { id: __, time: ___, occurred_at: ____, message: _____, ...further } = others;
  return {
    ...further,
    kind,
    type,
    severity,
    account: { provider: account.provider, id: account.id, name: account.name, cloud_name: account.cloud_name },
    identity,
    credential,
    before,
    after,
    check,
    finding_id,
    status,
    cause,
    report,
    data,
  };
}
