import { readFileSync, writeFileSync } from 'node:fs';
import { linterOverrides, type Override, properties } from './linter.ts';

/** Writes the table into `.oxlintrc.json`, in front of the overrides that are kept by hand. Then run `npm run format`. */
const file = new URL('../../.oxlintrc.json', import.meta.url);
const config = JSON.parse(readFileSync(file, 'utf8')) as { rules: object; overrides: Override[] };
const byHand = config.overrides.filter((override) => !override.files[0]!.startsWith('src/'));
const rules = { ...config.rules, 'no-restricted-properties': properties({}) };
writeFileSync(file, JSON.stringify({ ...config, rules, overrides: [...linterOverrides(), ...byHand] }));
