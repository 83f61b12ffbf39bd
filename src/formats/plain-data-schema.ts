import { ACCESS } from './plain-access-schema.ts';
import { COUNT, CUT, closed, FLAG, field, GRANTS, type Schema, TEXT, TEXTS, TIME } from './schema-words.ts';

const KEY_STATE: Schema = { id: TEXT, ...field('active', FLAG), ...field('created_at', TIME) };

/** `before` and `after` of a change, a finding or a trouble. */
export const SIDE: Schema = closed(
  {
    ...KEY_STATE,
    console_enabled: FLAG,
    password_changed_at: TIME,
    mfa_enabled: FLAG,
    ...field('console_last_used_at', TIME),
    ...field('last_used_at', TIME),
    ...field('last_used_region', TEXT),
    ...field('last_used_service', TEXT),
    ...field('expires_at', TIME),
    service: TEXT,
    at_risk: FLAG,
    abnormal_logins: FLAG,
    login_protection: FLAG,
    operation_protection: FLAG,
    identity_id: TEXT,
    identity_name: TEXT,
    verdict: { enum: ['fail', 'warn', 'unknown'] },
    severity: TEXT,
    state: TEXT,
    fault: TEXT,
    service_name: TEXT,
    ...field('granted', FLAG),
    granted_by: GRANTS,
    actions: TEXTS,
    services: TEXTS,
    regions: TEXTS,
    networks: TEXTS,
    addresses: TEXTS,
    cut: CUT,
  },
  [],
);

const ACCESS_KEY: Schema = closed(
  {
    slot: COUNT,
    ...KEY_STATE,
    ...field('last_used_at', TIME),
    ...field('last_used_region', TEXT),
    ...field('last_used_service', TEXT),
    ...field('at_risk', FLAG),
  },
  ['slot'],
);

const CERTIFICATE: Schema = closed({ slot: COUNT, ...field('active', FLAG), ...field('created_at', TIME) }, ['slot']);

const SERVICE_CREDENTIAL: Schema = closed({ service: TEXT, ...KEY_STATE, ...field('expires_at', TIME) }, [
  'id',
  'service',
]);

const DERIVED: Schema = {
  ...TEXTS,
  description: 'fields that Muster worked out; all others are what the cloud wrote',
};
const CELLS: Schema = {
  type: 'object',
  additionalProperties: TEXT,
  description: "the cloud's own cells, by column",
};

const IDENTITY: Schema = {
  ...field('created_at', TIME),
  ...field('console_enabled', FLAG),
  ...field('console_last_used_at', TIME),
  ...field('password_changed_at', TIME),
  ...field('password_next_rotation_at', TIME),
  ...field('mfa_enabled', FLAG),
  ...field('mfa_hardware', FLAG),
  ...field('login_protection', FLAG),
  ...field('operation_protection', FLAG),
  ...field('abnormal_logins', FLAG),
  tags: { type: 'object', additionalProperties: TEXT, description: "the user's own tags, where Muster asked for them" },
  derived: DERIVED,
};

const INVENTORY: Schema = closed(
  {
    ...IDENTITY,
    access_keys: { type: 'array', items: ACCESS_KEY },
    certificates: { type: 'array', items: CERTIFICATE },
    service_credentials: { type: 'array', items: SERVICE_CREDENTIAL },
    cells: CELLS,
  },
  ['access_keys', 'certificates', 'derived', 'cells'],
);

const ROW: Schema = {
  row: { ...COUNT, description: '0: the identity, its password and its cells; then one for each credential' },
  rows: { type: 'integer', minimum: 1, description: 'how many rows this identity has' },
};

/** What `data` of inventory holds in `plain-rows`. */
export const INVENTORY_ROW: Schema = {
  type: 'object',
  oneOf: [
    closed({ ...ROW, ...IDENTITY, cells: CELLS }, ['row', 'rows', 'derived', 'cells']),
    closed({ ...ROW, ...IDENTITY, credential: { anyOf: [ACCESS_KEY, CERTIFICATE, SERVICE_CREDENTIAL] } }, [
      'row',
      'rows',
      'derived',
      'credential',
    ]),
  ],
};

const WINDOW: Schema = {
  ...closed({ after: TIME, until: TIME }, ['until']),
  description: 'generated_at of the two reports between which it happened; no `after` at a baseline',
};

const SUMMARY: Schema = closed(
  {
    identities: COUNT,
    by_kind: { type: 'object', additionalProperties: COUNT },
    open_findings: COUNT,
    rows: COUNT,
    columns: COUNT,
    unknown_columns: TEXTS,
    missing_columns: TEXTS,
    oddities: COUNT,
    not_visible: TEXTS,
    head: closed({ number: COUNT, manifest_sha256: TEXT }, ['number', 'manifest_sha256']),
    base: { type: 'string', pattern: '^(baseline|damaged|report [0-9]+)$' },
    age_seconds: { type: 'integer' },
    origin: { enum: ['provider', 'synthesised', 'imported'] },
  },
  ['identities', 'by_kind', 'open_findings', 'rows', 'columns', 'head', 'base', 'age_seconds', 'origin'],
);

/** Of a trouble; of an account's status. */
const HEALTH: Schema = closed(
  {
    source: TEXT,
    sink: TEXT,
    organization: TEXT,
    why: TEXTS,
    owner: TEXT,
    until: TEXT,
    generated_at: TIME,
    age_seconds: { type: 'integer' },
    state: TEXT,
    fault: TEXT,
    message: TEXT,
    since: TEXT,
    window: WINDOW,
  },
  ['state', 'window'],
);

const SMALLER: Schema = {
  ...closed({ document: { type: 'object' }, leaves_out: TEXTS }, ['document', 'leaves_out']),
  description: 'a policy of what was used, to put in the place of the present ones, and what it cannot know',
};

const PROPOSAL: Schema = {
  ...closed({ document: { type: 'object' }, note: TEXT, leaves_out: TEXTS, smaller_policy: SMALLER }, [
    'note',
    'leaves_out',
  ]),
  description:
    'a policy in the form of the cloud that denies what is not used, and what it leaves; and a smaller policy',
};

const EXCEPTION: Schema = {
  ...closed({ owner: TEXT, reason: TEXT, until: TEXT }, ['owner', 'reason', 'until']),
  description: 'of cause `exception`: the one that closed it, or that no longer holds',
};

const FINDING: Schema = closed(
  {
    verdict: { enum: ['fail', 'warn', 'unknown'] },
    since: TIME,
    exception: EXCEPTION,
    policy: TEXT,
    granted_services: COUNT,
    unused_days: { type: 'number' },
    unused_services: TEXTS,
    unused_actions: TEXTS,
    proposal: PROPOSAL,
    used_since: TIME,
    networks: TEXTS,
    ...field('seen_last_used_at', TIME),
    ...field('reported_last_used_at', TIME),
    cut: CUT,
    window: WINDOW,
  },
  ['verdict', 'since', 'window'],
);

/** What `data` holds, by kind of event. */
export const DATA_SCHEMAS = {
  inventory: INVENTORY,
  change: closed({ window: WINDOW }, ['window']),
  finding: FINDING,
  access: ACCESS,
  health: HEALTH,
  summary: SUMMARY,
} as const;
