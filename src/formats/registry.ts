import type { Format } from './format.ts';
import { plain } from './plain.ts';

/** Every format that Muster can write: one file and one line each. */
export const formats: readonly Format[] = [plain];
