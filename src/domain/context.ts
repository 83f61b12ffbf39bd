import type { ChangeRules, Exception, Rules } from './rules.ts';

/** What decided the events beside the cloud's bytes: kept as the part `context.json`. Frozen like the manifest. */
export interface Context {
  readonly version: 1;
  readonly account: {
    readonly provider: string;
    readonly id: string;
    readonly name: string;
    readonly cloud_name?: string;
    readonly labels: Readonly<Record<string, string>>;
    /** Of an organisation's management account; `root_access` where somebody asked whether its members' root users are managed centrally. */
    readonly management?: { readonly root_access?: 'managed' | 'not_managed' | 'unknown' };
  };
  readonly every_ms: number;
  readonly rules: Rules;
  /** Those that covered something of this account when the report was made; left out where there were none. */
  readonly exceptions?: readonly Exception[];
  /** Left out in reports of an older Muster, which had 90 days and its own severities. */
  readonly changes?: ChangeRules;
  readonly not_visible: readonly string[];
  readonly muster: string;
}
