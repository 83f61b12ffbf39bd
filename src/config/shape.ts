import { z } from 'zod';

export const DEFINITIONS = '#/definitions/';

/** As much of JSON Schema as is needed to know which keys a mapping may have. */
export interface Shape {
  readonly definitions?: Readonly<Record<string, Shape>>;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  /** 1: the properties are alternatives. */
  readonly maxProperties?: unknown;
  readonly allOf?: readonly Shape[];
  readonly [keyword: string]: unknown;
}

/** What a schema accepts, before defaults and transforms: JSON Schema draft 7. */
export function writtenShape(schema: z.ZodType): Shape {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // kit/schema.ts: text() and secret() are strings in the YAML, whatever they become
      if (jsonSchema.type === 'string') delete jsonSchema.anyOf;
    },
  });
  return shape as Shape; // the two types differ in what they leave open only
}

/** The same to walk in: every `$ref` is the shape it names, so it may be a circle. */
export function shapeOf(schema: z.ZodType): Shape {
  const root = writtenShape(schema);
  return linked(root, root.definitions ?? {}, new Map());
}

type Definitions = Readonly<Record<string, Shape>>;

function linked<T>(value: T, definitions: Definitions, done: Map<unknown, unknown>): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known as T; // what it was made from
  const named = '$ref' in value ? definitions[String(value.$ref).replace(DEFINITIONS, '')] : undefined;
  if (named !== undefined) return linked(named, definitions, done) as unknown as T; // a shape in the place of a shape
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  done.set(value, copy);
  for (const [key, below] of Object.entries(value)) Object.assign(copy, { [key]: linked(below, definitions, done) });
  return copy as T; // the same keys
}

/** A shape's alternatives, flat. */
export function alternatives(shape: Shape): readonly Shape[] {
  const below = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])];
  const own = shape.properties !== undefined || below.length === 0 ? [shape] : [];
  return [...own, ...below.flatMap(alternatives)];
}

export function shapesAt(shape: Shape, path: readonly PropertyKey[]): readonly Shape[] {
  return path.reduce<readonly Shape[]>((shapes, key) => shapes.flatMap((one) => step(one, key)), alternatives(shape));
}

export function keysOf(shapes: readonly Shape[]): readonly string[] {
  return [...new Set(shapes.flatMap((one) => Object.keys(one.properties ?? {})))];
}

function step(shape: Shape, key: PropertyKey): readonly Shape[] {
  const rest = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
  const name = String(key);
  const property =
    shape.properties !== undefined && Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
  const next = typeof key === 'number' ? shape.items : (property ?? rest);
  return next === undefined ? [] : alternatives(next);
}
