import type { KeyUse, ServiceAccess } from '../../src/domain/access.ts';
import type { Account } from '../../src/domain/account.ts';
import { type SourceName, splitSource } from '../../src/domain/names.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { collectOnce } from '../../src/pipeline/collect.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { configuredSources, type Stage } from '../../src/pipeline/stage.ts';
import type { ReportKind } from '../../src/providers/provider.ts';
import { KEY_USE_PART, parseKeyUse, writeKeyUse } from '../../src/providers/shared/key-use-table.ts';
import {
  parseServiceAccess,
  SERVICE_ACCESS_PART,
  writeServiceAccess,
} from '../../src/providers/shared/service-access-table.ts';
import { ACCESS_AUDIT, KEY_AUDIT } from './audits.ts';
import { DAY } from './records.ts';
import { HOUR, type TestStage, testStage } from './stage.ts';

/** Kinds that serve the tables that every cloud's audits are written as. */
const KINDS: Readonly<Record<string, ReportKind>> = {
  'access-audit': kindOf((parts) => parseServiceAccess(parts.get(SERVICE_ACCESS_PART))),
  'key-audit': kindOf((parts) => parseKeyUse(parts.get(KEY_USE_PART))),
};

function kindOf(parse: ReportKind['parse']): ReportKind {
  return { cadenceMs: DAY, permissions: { required: [], optional: [] }, parse };
}

export interface AuditStage extends TestStage {
  collect(source: SourceName, report: RawReport): Promise<void>;
  access(rows: readonly ServiceAccess[]): Promise<void>;
  keys(rows: readonly KeyUse[]): Promise<void>;
  send(source: SourceName): Promise<void>;
}

/** The real archive and pipeline, with a cloud that answers what a test gives it: credential reports and both audits of one account. */
export function auditStage(options: Parameters<typeof testStage>[0] = {}): AuditStage {
  const given = testStage(options);
  const accounts: readonly Account[] = given.stage.accounts.map((account) => ({
    ...account,
    reports: { ...account.reports, 'access-audit': { everyMs: DAY }, 'key-audit': { everyMs: DAY } },
  }));
  const kind: Stage['kind'] = (source) => KINDS[splitSource(source).kind] ?? given.stage.kind(source);
  const stage: Stage = { ...given.stage, accounts, kind };
  const signal = new AbortController().signal;
  const collect = async (source: SourceName, report: RawReport) => {
    const target = configuredSources(accounts).find((one) => one.source === source);
    if (target === undefined) throw new Error(`the stage has no ${source}`);
    given.steps.push({ do: 'keep', report });
    await collectOnce(target, stage, signal, undefined, { early: true });
    given.clock.move(5 * HOUR);
  };
  const part = (name: string, bytes: Uint8Array): RawReport => ({
    generatedAt: given.clock.now(),
    collectedAt: given.clock.now() + 2_000,
    origin: 'synthesised',
    parts: [{ name, bytes }],
    requestIds: [],
    notVisible: [],
  });
  return Object.assign({}, given, {
    stage,
    collect,
    access: (rows: readonly ServiceAccess[]) =>
      collect(ACCESS_AUDIT, part(SERVICE_ACCESS_PART, atOnce(writeServiceAccess(rows)))),
    keys: (rows: readonly KeyUse[]) => collect(KEY_AUDIT, part(KEY_USE_PART, atOnce(writeKeyUse(rows)))),
    send: async (source: SourceName) => {
      const head = await stage.archive.head(source);
      const job = { name: 'deliver', sink: 'siem', source, upTo: head?.number ?? 0, attempt: 0 } as const;
      await deliver(job, stage, signal);
    },
  });
}
