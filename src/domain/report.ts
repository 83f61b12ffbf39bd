import type { KeyUse, ServiceAccess } from './access.ts';
import type { Instant } from './instant.ts';
import { type SourceName, splitSource } from './names.ts';
import type { CredentialRecord } from './record.ts';

export type Origin = 'provider' | 'synthesised' | 'imported';

/** One named file of a report: the cloud's bytes, or what decided the events. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Parts = ReadonlyMap<string, Uint8Array>;

/** The parts that Muster adds to every report; all others are the provider's. */
export const CONTEXT_PART = 'context.json';
export const FINDINGS_PART = 'findings.json';

/** What a provider hands over: whole, all of one generatedAt. */
export interface RawReport {
  readonly generatedAt: Instant;
  readonly collectedAt: Instant;
  readonly origin: Origin;
  /** The first part is the report itself: its digest is the report's. */
  readonly parts: readonly Part[];
  readonly requestIds: readonly string[];
  /** What this account does not show, in words for the operator. */
  readonly notVisible: readonly string[];
  /** The cloud's own name of the account, where it told. */
  readonly cloudName?: string;
  /** Personal data that was cut out before the bytes were kept. */
  readonly cut?: readonly string[];
}

export interface PartRef {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** The commit point of a report, written last. Frozen: a newer shape needs a new version number. */
export interface Manifest {
  readonly version: 1;
  readonly source: SourceName;
  readonly number: number;
  readonly generated_at: string;
  readonly collected_at: string;
  readonly origin: Origin;
  readonly rows: number;
  readonly columns: number;
  readonly parts: readonly PartRef[];
  readonly request_ids: readonly string[];
  readonly cut: readonly string[];
  readonly muster: string;
  /** The chain, and the base that changes are computed against. */
  readonly previous?: { readonly number: number; readonly sha256: string };
}

/** A committed report, as it is found in the archive. The head is the newest of a source. */
export interface ReportEntry {
  readonly source: SourceName;
  readonly number: number;
  readonly generatedAt: Instant;
  readonly collectedAt: Instant;
  /** SHA-256 of the manifest's bytes: what the next manifest and the receipts name. */
  readonly sha256: string;
  readonly manifest: Manifest;
}

/** Something about a table that makes it not whole. One of these is enough for quarantine. */
export interface Defect {
  readonly what: string;
  readonly line?: number;
  /** The real cloud never leaves it out, but a stand-in for it (an `endpoint:`) may. */
  readonly standInsMay?: true;
}

/** What parse makes of parts. Total on any bytes: what it cannot read becomes a defect or an `unknown`. */
export interface ParsedReport {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly unknownColumns: readonly string[];
  readonly missingColumns: readonly string[];
  readonly records: readonly CredentialRecord[];
  readonly defects: readonly Defect[];
  /** Cells that were not understood, named; they are `unknown` in their record. */
  readonly oddities: readonly string[];
  /** Whose rows these are, where they tell. */
  readonly accountId?: string;
  /** How many identities the cloud's own account summary counts, when it was asked. */
  readonly population?: number;
  /** The rows of an access audit. */
  readonly access?: readonly ServiceAccess[];
  /** The rows of a key audit. */
  readonly keyUses?: readonly KeyUse[];
}

/** It tells of uses, not of credentials. */
export function isAudit({ access, keyUses }: ParsedReport): boolean {
  return access !== undefined || keyUses !== undefined;
}

/** What the rows of a report are counted as: `3 keys`. */
export function countInWords(source: SourceName, rows: number): string {
  if (splitSource(source).kind === 'key-audit') return `${rows} ${rows === 1 ? 'key' : 'keys'}`;
  return `${rows} ${rows === 1 ? 'identity' : 'identities'}`;
}
