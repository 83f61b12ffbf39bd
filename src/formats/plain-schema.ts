import { EVENT_KINDS } from '../domain/event.ts';
import { ACCESS_TYPES, EVERY_CHANGE_TYPE, FINDING_TYPES, HEALTH_STATES } from '../domain/event-types.ts';
import { DATA_SCHEMAS, INVENTORY_ROW, SIDE } from './plain-data-schema.ts';
import { TIME } from './schema-words.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const ID: Schema = { type: 'string', pattern: '^[0-9a-f]{32}$' };
const ROW_ID: Schema = {
  type: 'string',
  pattern: '^[0-9a-f]{32}(-[1-9][0-9]*)?$',
  description: 'of the event; behind it the number of the row, but for the first',
};
const SEVERITY: Schema = { enum: ['informational', 'low', 'medium', 'high', 'critical'] };
const REQUIRED = ['id', 'kind', 'type', 'time', 'occurred_at', 'severity', 'message', 'account', 'report'];

/** JSON Schema (draft 2020-12) of every event as `plain` writes it: what `muster schema events` prints. */
export function plainSchema(): object {
  return schemaOf('Muster event (plain)', properties(), kinds());
}

/** The same of `plain-rows`: only inventory is another. */
export function plainRowsSchema(): object {
  const { id: _, ...others } = properties();
  const inventory = kind('inventory', ['inventory.identity'], ['identity', 'data'], ['identity', 'credential', 'data']);
  return schemaOf('Muster event (plain-rows)', { id: ROW_ID, ...others }, [
    { ...inventory, properties: { ...(inventory['properties'] as Schema), data: INVENTORY_ROW } },
    ...kinds().filter(({ title }) => title !== 'inventory'),
  ]);
}

function schemaOf(title: string, properties: Schema, oneOf: readonly Schema[]): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    additionalProperties: false,
    required: REQUIRED,
    properties,
    oneOf,
  };
}

function properties(): Schema {
  return {
    id: { ...ID, description: 'the same each time the event is sent: duplicates share it' },
    kind: { enum: EVENT_KINDS },
    type: TEXT,
    time: { ...TIME, description: 'when Muster collected the report' },
    occurred_at: { ...TIME, description: 'when it happened, as far as known; else when the cloud looked' },
    severity: SEVERITY,
    message: TEXT,
    account: account(),
    identity: identity(),
    credential: closed({ kind: TEXT, id: TEXT, created_at: TIME }, ['kind']),
    report: report(),
    before: SIDE,
    after: SIDE,
    check: check(),
    finding_id: { ...ID, description: 'of the finding, from opened to closed' },
    status: { enum: ['open', 'closed'] },
    cause: { enum: ['report', 'rules', 'exception', 'baseline'] },
    data: { type: 'object' },
  };
}

function account(): Schema {
  const labels = { type: 'object', additionalProperties: TEXT };
  return closed({ provider: TEXT, id: TEXT, name: TEXT, cloud_name: TEXT, labels }, [
    'provider',
    'id',
    'name',
    'labels',
  ]);
}

function identity(): Schema {
  const kinds = ['root', 'user', 'role', 'group', 'collaborator', 'wecom_user', 'message_receiver'];
  return closed({ kind: { enum: kinds }, id: TEXT, name: TEXT, unique_id: TEXT }, ['kind', 'id', 'name']);
}

function check(): Schema {
  const ids = { anyOf: [TEXT, { type: 'array', items: TEXT, minItems: 1 }] };
  const controls = { type: 'object', additionalProperties: ids, description: 'the same check by the names of others' };
  return closed({ id: TEXT, title: TEXT, severity: SEVERITY, remediation: TEXT, controls }, ['id', 'title']);
}

function report(): Schema {
  const properties = {
    source: TEXT,
    number: { type: 'integer', minimum: 1 },
    generated_at: TIME,
    collected_at: TIME,
    next_refresh_at: TIME,
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: "of the report's own bytes" },
  };
  return closed(properties, Object.keys(properties));
}

/** What each kind adds to what all events have. */
function kinds(): readonly Schema[] {
  return [
    kind('inventory', ['inventory.identity'], ['identity', 'data'], ['identity', 'data']),
    kind('change', EVERY_CHANGE_TYPE, ['identity', 'data'], ['identity', 'credential', 'before', 'after', 'data']),
    kind(
      'finding',
      FINDING_TYPES,
      ['identity', 'check', 'finding_id', 'status', 'cause', 'data'],
      ['identity', 'credential', 'before', 'after', 'check', 'finding_id', 'status', 'cause', 'data'],
    ),
    kind('access', ACCESS_TYPES, ['identity', 'data'], ['identity', 'credential', 'data']),
    kind('health', HEALTH, ['data'], ['before', 'after', 'data']),
    kind('summary', ['summary.report'], ['data'], ['data']),
  ];
}

const HEALTH = [
  ...['source', 'sink', 'organization'].flatMap((thing) => HEALTH_STATES.map((state) => `health.${thing}.${state}`)),
  'account.status',
];

const OPTIONAL = ['identity', 'credential', 'before', 'after', 'check', 'finding_id', 'status', 'cause', 'data'];

function kind(
  name: keyof typeof DATA_SCHEMAS,
  types: readonly string[],
  required: readonly string[],
  allowed: readonly string[],
): Schema {
  const refused = OPTIONAL.filter((property) => !allowed.includes(property));
  return {
    title: name,
    properties: {
      ...Object.fromEntries(required.map((property) => [property, true])),
      kind: { const: name },
      type: { enum: types },
      data: DATA_SCHEMAS[name],
      ...Object.fromEntries(refused.map((property) => [property, false])),
    },
    required,
  };
}

function closed(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}
