import type { KeySettings } from './kind.ts';

export type Depth = KeySettings['depth'];
