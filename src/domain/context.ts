import type { Rules } from './rules.ts';

/** What decided the events beside the cloud's bytes: kept as the part `context.json`. Frozen like the manifest. */
export interface Context {
  readonly version: 1;
  readonly account: {
    readonly provider: string;
    readonly id: string;
    readonly name: string;
    readonly cloud_name?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly every_ms: number;
  readonly rules: Rules;
  readonly not_visible: readonly string[];
  readonly muster: string;
}
