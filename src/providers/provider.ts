import type { z } from 'zod';
import type { Account } from '../domain/account.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Clock } from '../domain/clock.ts';
import type { Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member, Organization } from '../domain/organization.ts';
import type { ParsedReport, Parts, RawReport, ReportEntry } from '../domain/report.ts';
import type { Steps } from '../kit/steps.ts';

/** A cloud. Its folder knows everything about it; everything else knows only this. */
export interface Provider {
  readonly name: string;
  /** What an account id looks like, and how to say it to a person. */
  readonly accountId: { readonly pattern: RegExp; readonly hint: string };
  /** The provider's own keys of an account in YAML (auth, endpoint, …); strict, with defaults. May not load the SDK. */
  readonly settings: z.ZodType;
  /** True when these settings point at the real cloud: then no report kind may run more often than its cadence. */
  isRealCloud(settings: unknown): boolean;
  readonly kinds: Readonly<Record<string, ReportKind>>;
  /** Loads the SDK. Cheap, no network: credentials are looked up at the first call. */
  connect(account: Account, tools: ProviderTools): Promise<Connection>;
  /** Undefined for a cloud whose accounts are listed one by one only. */
  readonly organization?: OrganizationPlugin;
  /** What `muster policy --hub` may be, as a trust policy of this cloud names who takes a role. Undefined: anything. */
  readonly principal?: { readonly pattern: RegExp; readonly hint: string };
  /** What `muster policy` prints: the least that what the config enables needs. */
  policies?(needs: PolicyNeeds): readonly PolicyDocument[];
  /** Every action of its policies: what it is for and what is lost without it. The one place: policy, doctor, docs and tests say it in these words. */
  readonly actions?: readonly ActionNote[];
  /** Its policies as something that can be rolled out, by the name of `muster policy --format`. */
  readonly rollouts?: Readonly<Record<string, (needs: PolicyNeeds) => readonly RolloutFile[]>>;
  /** What `muster doctor` can say of an account's settings without asking anybody. */
  outline?(settings: unknown): Outline;
}

/** How to reach all accounts of an organisation through one hub. */
export interface OrganizationPlugin {
  /** The provider's own keys of an organisation in YAML (the hub's auth, role, external_id, endpoint, …); strict, with defaults. */
  readonly settings: z.ZodType;
  /** Settings of a member's account, as the provider's own schema makes them. A Fault of the hub itself says `isShared`. */
  member(organization: Organization, accountId: string): unknown;
  /** Loads the SDK. Cheap, no network. */
  connect(organization: Organization, tools: ProviderTools): Promise<Directory>;
}

/** The list of an organisation's accounts. */
export interface Directory {
  /** All of them, or a Fault. */
  list(signal: AbortSignal): Promise<readonly Member[]>;
  close(): void;
}

export interface PolicyNeeds {
  readonly accounts: readonly Account[];
  readonly organizations: readonly Organization[];
  /** Who the hub is, in the cloud's own words, where somebody said it. */
  readonly hub?: string;
}

export interface PolicyDocument {
  /** `account-policy`, `account-trust`, `hub-policy`; a number behind it where there are several. */
  readonly name: string;
  /** Where it belongs, for a person. */
  readonly about: string;
  readonly document: unknown;
}

/** One action of a policy. */
export interface ActionNote {
  /** As the policy writes it: `iam:ListUsers`. */
  readonly action: string;
  readonly on: 'account' | 'hub';
  /** What it is for, for the owner of an account. */
  readonly reads: string;
  readonly without: Loss;
  /** Where losing it does something else. */
  readonly elsewhere?: Loss & { readonly where: string };
}

/** What happens without an action. Nothing is lost silently: `nothing` is for what is asked elsewhere only, or is spelled twice. */
export interface Loss {
  readonly shows: 'fault' | 'not-visible' | 'warning' | 'nothing';
  /** For a person: `no report`. */
  readonly words: string;
  /** How the line of `not_visible` begins. */
  readonly says?: string;
}

export interface RolloutFile {
  readonly name: string;
  /** What it is and what to do with it, for a person. */
  readonly about: string;
  /** Text as it is, or JSON. */
  readonly content: unknown;
}

export interface Outline {
  /** Who is asked, for a person: a URL, or the cloud and its region. */
  readonly endpoint: string;
  /** Long-lived keys of Muster's own that the settings name. */
  readonly keyIds: readonly string[];
  /** True when sessions are cut down by a policy of their own, whatever the role may do. */
  readonly isCutDown: boolean;
  /** The cloud refuses requests that are signed further from its own time. */
  readonly mostSkewMs: number;
}

export interface ProviderTools {
  readonly clock: Clock;
  readonly observe: Observe;
}

/** What can be known of a report kind without a connection: replay needs no credentials. */
export interface ReportKind {
  /** How often the cloud makes a new one: it is never asked more often. */
  readonly cadenceMs: number;
  /** How often it is collected when the YAML does not say; left out: as often as the cloud makes one. */
  readonly defaultEveryMs?: number;
  /** The kind's own keys beside `every` in YAML; strict, with defaults. A connection finds them in `account.reports`. */
  readonly settings?: z.ZodObject;
  /** False for a kind that only `muster reports import` fills: it is never scheduled, and a connection has no `next` for it. */
  readonly collectable?: false;
  /** What a list of IAM-like permissions `muster doctor` proves; `optional` ones only degrade the report. */
  readonly permissions: { readonly required: readonly string[]; readonly optional: readonly string[] };
  /** Words of `notVisible`, or how they begin, that are no lack of one account: its cloud shows them to nobody here, or the YAML says how deep an audit looks. `muster coverage` does not count them. */
  readonly neverShown?: readonly string[];
  /** How long the answers of one attempt may be put together, of a source that is collected so often; left out: an hour. */
  attemptLastsMs?(everyMs: number): number;
  /** Total on any bytes. In steps: there may be hundreds of thousands of rows. */
  parse(parts: Parts): Steps<ParsedReport>;
  /** For the documentation; a kind that reads the same tables as another leaves it out. */
  readonly columns?: RecordColumns;
  /** For `muster reports import`: the bytes of a CSV that a person brings, as the parts of a report of an account with these settings. */
  imported?(bytes: Uint8Array, settings?: unknown): readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Which column tells which field of a record. What becomes of a sentinel is asked of `parse` itself: docs/records.md is made that way. */
export interface RecordColumns {
  /** A whole table; each row is a case that reads sentinels in its own way, and its user's name says which. */
  readonly sample: readonly (readonly string[])[];
  /** Fields as the plain event names them; those of lists (`access_keys.active`) of the first entry. */
  readonly fields: readonly (readonly [field: string, column: string])[];
}

/** One account's way in. Kept for the life of the process and shared by its report kinds. */
export interface Connection {
  /** Whose credentials these are. Asked before anything is filed. */
  identify(signal: AbortSignal): Promise<{ readonly accountId: string; readonly principal: string }>;
  /** Tries each permission as gently as the cloud allows: for `muster doctor`. Throws only what makes trying pointless. */
  probe(signal: AbortSignal): Promise<readonly Probed[]>;
  /** By how much the cloud's clock was ahead of this machine's at the last answer, in milliseconds. */
  skewMs?(): number | undefined;
  /** One step of the kind's state machine. Throws only Faults. */
  next(kind: string, look: Look): Promise<Step>;
  close(): void;
}

export interface Probed {
  readonly permission: string;
  /** False when the report can do without. */
  readonly needed: boolean;
  /** What is wrong with it and what to do; undefined when it works. */
  readonly problem: string | undefined;
}

export interface Look {
  /** What the last `wait` of this job left; untrusted (it was in Redis). */
  readonly state: unknown;
  readonly head: ReportEntry | undefined;
  /** Parts of the head, when the kind needs what it found last time. */
  headParts(names: readonly string[]): Promise<Parts>;
  /** For a report that Muster puts together itself: claims the attempt at the next number, or adopts the one under way. */
  attempt(): Promise<Attempt>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export type Step =
  /** The cloud is busy making it: come back then. `state` is small and holds no answers of the cloud. */
  | { readonly do: 'wait'; readonly until: Instant; readonly state: unknown; readonly why: string }
  | { readonly do: 'keep'; readonly report: RawReport }
  /** The cloud still has what we have (or older). */
  | { readonly do: 'unchanged'; readonly generatedAt: Instant; readonly nextAt: Instant };
