type Schema = Readonly<Record<string, unknown>>;

/** ISO 8601 in UTC; a fraction only where there is one. */
export const TIME: Schema = {
  type: 'string',
  pattern: '^[+-]?\\d{4,6}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$',
};

const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const FLAG: Schema = { type: 'boolean' };
const TEXTS: Schema = { type: 'array', items: TEXT };
const REASON: Schema = { enum: ['never', 'absent', 'unsupported', 'unknown'] };

/** A field of a record: its value, or `<field>_reason` (and perhaps `<field>_why`) in its place. */
function field(name: string, schema: Schema): Schema {
  return { [name]: schema, [`${name}_reason`]: REASON, [`${name}_why`]: TEXT };
}

function closed(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

const CUT: Schema = {
  type: 'object',
  additionalProperties: COUNT,
  description: 'by list, how many more there are than it shows',
};

const GRANTS: Schema = { type: 'array', items: closed({ policy: TEXT, via: TEXT }, ['policy']) };

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

const HEALTH: Schema = closed(
  {
    source: TEXT,
    sink: TEXT,
    organization: TEXT,
    state: TEXT,
    fault: TEXT,
    message: TEXT,
    since: TEXT,
    window: WINDOW,
  },
  ['state', 'window'],
);

const PROPOSAL: Schema = {
  ...closed({ document: { type: 'object' }, note: TEXT, leaves_out: TEXTS }, ['note', 'leaves_out']),
  description: 'a smaller policy, in the form of the cloud, and what it cannot know',
};

const FINDING: Schema = closed(
  {
    verdict: { enum: ['fail', 'warn', 'unknown'] },
    since: TIME,
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

const USE: Schema = { ...field('last_used_at', TIME), region: TEXT, count: COUNT };
const ACTION: Schema = closed({ action: TEXT, ...field('last_used_at', TIME), last_used_region: TEXT, granted: FLAG }, [
  'action',
]);

const ACCESS: Schema = closed(
  {
    service: TEXT,
    service_name: TEXT,
    ...field('granted', FLAG),
    granted_by: GRANTS,
    ...field('active', FLAG),
    ...field('first_used_at', TIME),
    ...USE,
    last_used_region: TEXT,
    ...field('tracked_since', TIME),
    ...field('reported_last_used_at', TIME),
    actions: { type: 'array', items: ACTION },
    unused_actions: TEXTS,
    untold_actions: TEXTS,
    services: { anyOf: [COUNT, TEXTS], description: 'of an identity how many, of a key which' },
    complete: { ...FLAG, description: 'false when not all of it could be read' },
    regions: TEXTS,
    networks: TEXTS,
    events: { type: 'array', items: closed({ event: TEXT, ...USE }, ['event']) },
    addresses: { type: 'array', items: closed({ address: TEXT, network: TEXT, ...USE }, ['address']) },
    resources: { type: 'array', items: closed({ resource: TEXT, type: TEXT, ...USE }, ['resource', 'type']) },
    why: { ...TEXTS, description: 'what this does not show' },
    cut: CUT,
  },
  [],
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
