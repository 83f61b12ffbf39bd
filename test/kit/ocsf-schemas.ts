import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The compiled schemas of OCSF 1.8.0 are no part of the repository: they may lie beside it. */
const FOLDER = join(import.meta.dirname, '../../../shared/ocsf');

export const HAS_OCSF_SCHEMAS = existsSync(FOLDER);

interface KnownClass {
  readonly caption: string;
  readonly class_uid: number;
  /** By requirement, then by name. */
  readonly attributes: Readonly<Record<string, Readonly<Record<string, { readonly enum: Record<string, string> }>>>>;
}

export function ocsfClasses(): Readonly<Record<string, KnownClass>> {
  return JSON.parse(readFileSync(join(FOLDER, 'ocsf-1.8.0-summary.json'), 'utf8')).classes;
}

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const compiled = new Map<number, ValidateFunction>();

/** What the official schema of its class says against an event; additional properties are refused. */
export function ocsfMistakes(text: string): readonly string[] {
  const event = JSON.parse(text);
  const isValid = schemaOf(event.class_uid);
  if (isValid(event)) return [];
  return (isValid.errors ?? []).map(
    ({ instancePath, message }) => `${event.metadata?.event_code} ${instancePath} ${message}`,
  );
}

function schemaOf(classUid: number): ValidateFunction {
  const known = compiled.get(classUid);
  if (known !== undefined) return known;
  const name = Object.entries(ocsfClasses()).find(([, { class_uid }]) => class_uid === classUid)?.[0];
  if (name === undefined) throw new Error(`no schema of class ${classUid}`);
  const schema = ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8')));
  compiled.set(classUid, schema);
  return schema;
}
