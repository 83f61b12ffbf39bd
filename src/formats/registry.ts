import { cef } from './cef.ts';
import { datadog } from './datadog.ts';
import { ecs } from './ecs.ts';
import type { Format } from './format.ts';
import { ocsf } from './ocsf/ocsf.ts';
import { plain } from './plain.ts';
import { plainRows } from './plain-rows.ts';

/** Every format that Muster can write: one file or folder and one line each. */
export const formats: readonly Format[] = [plain, plainRows, ocsf, ecs, datadog, cef];
