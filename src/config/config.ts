import type { Account } from '../domain/account.ts';
import type { EventKind, FindingPolicy, InventoryPolicy } from '../domain/event.ts';
import type { SinkName } from '../domain/names.ts';
import type { Organization } from '../domain/organization.ts';
import type { ChangeRules, Exception, Rules } from '../domain/rules.ts';
import type { Secret } from '../kit/secret.ts';
import type { AccountFiles } from './account-files.ts';

/** The whole YAML, read, checked and resolved. Nothing behind it reads files or the environment for settings. */
export interface Config {
  /** The file it came from, for messages. */
  readonly file: string;
  /** Names this installation in `muster/<deployment>/health` and in Redis. */
  readonly deployment: string;
  readonly archive: ArchiveConfig;
  readonly queue: QueueConfig;
  /** Five-field cron, UTC. */
  readonly tick: string;
  /** Where `/livez`, `/readyz` and `/metrics` are served; undefined when switched off. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** Those of this file, and of the account files as they were at first. */
  readonly accounts: readonly Account[];
  readonly organizations: readonly Organization[];
  /** The daemon reads them again and again. */
  readonly accountFiles: AccountFiles | undefined;
  readonly sinks: readonly SinkConfig[];
  readonly rules: Rules;
  readonly exceptions: readonly Exception[];
  readonly changes: ChangeRules;
  /** Odd, but not wrong: already in words with file:line:column. */
  readonly warnings: readonly string[];
  /** What is wrong with account files: everything else works. */
  readonly broken: readonly string[];
}

export type ArchiveConfig =
  | { readonly type: 'folder'; readonly path: string }
  | {
      readonly type: 's3';
      readonly bucket: string;
      /** Without slashes at its ends; may be empty. */
      readonly prefix: string;
      readonly region: string | undefined;
      readonly endpoint: string | undefined;
      readonly pathStyle: boolean;
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: Secret } | undefined;
    };

export type QueueConfig =
  | { readonly type: 'embedded' }
  | {
      readonly type: 'redis';
      readonly connection:
        | { readonly kind: 'single'; readonly url: Secret }
        | {
            readonly kind: 'sentinels';
            readonly sentinels: readonly { readonly host: string; readonly port: number }[];
            readonly name: string;
            readonly password: Secret | undefined;
          }
        | {
            readonly kind: 'cluster';
            readonly nodes: readonly { readonly host: string; readonly port: number }[];
            readonly password: Secret | undefined;
            readonly tls: boolean;
          };
    };

export interface SinkConfig {
  readonly name: SinkName;
  readonly type: string;
  readonly format: string;
  readonly events: readonly EventKind[];
  readonly inventory: InventoryPolicy;
  readonly findings: FindingPolicy;
  /** `now`, `all` or a date. */
  readonly start: string;
  /** The plugin's own, parsed by its schema. */
  readonly settings: unknown;
}
