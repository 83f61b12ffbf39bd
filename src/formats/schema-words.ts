export type Schema = Readonly<Record<string, unknown>>;

/** ISO 8601 in UTC; a fraction only where there is one. */
export const TIME: Schema = {
  type: 'string',
  pattern: '^[+-]?\\d{4,6}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$',
};

export const TEXT: Schema = { type: 'string' };
export const COUNT: Schema = { type: 'integer', minimum: 0 };
export const FLAG: Schema = { type: 'boolean' };
export const TEXTS: Schema = { type: 'array', items: TEXT };
const REASON: Schema = { enum: ['never', 'absent', 'unsupported', 'unknown'] };

/** A field of a record: its value, or `<field>_reason` (and perhaps `<field>_why`) in its place. */
export function field(name: string, schema: Schema): Schema {
  return { [name]: schema, [`${name}_reason`]: REASON, [`${name}_why`]: TEXT };
}

export function closed(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

export const CUT: Schema = {
  type: 'object',
  additionalProperties: COUNT,
  description: 'by list, how many more there are than it shows',
};

export const GRANTS: Schema = { type: 'array', items: closed({ policy: TEXT, via: TEXT }, ['policy']) };
