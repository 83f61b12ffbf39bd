import { exceptionsFor } from '../derive/exceptions.ts';
import type { Account, Management } from '../domain/account.ts';
import type { Context } from '../domain/context.ts';
import type { RawReport } from '../domain/report.ts';
import type { ConfiguredSource, Stage } from './stage.ts';

/** What decides the events of this report beside the cloud's bytes: kept with them. */
export function contextOf({ account, everyMs }: ConfiguredSource, raw: RawReport, stage: Stage): Context {
  const cloudName = account.cloudName ?? raw.cloudName;
  const owner = {
    provider: account.provider,
    id: account.id,
    name: account.name,
    ...(cloudName === undefined ? {} : { cloud_name: cloudName }),
    labels: account.labels,
    ...(account.management === undefined ? {} : { management: managementOf(account.management) }),
  };
  const exceptions = exceptionsFor(stage.exceptions, owner, raw.generatedAt);
  return {
    version: 1,
    account: owner,
    every_ms: everyMs,
    rules: stage.rules,
    ...(exceptions.length === 0 ? {} : { exceptions }),
    changes: stage.changes,
    not_visible: [...raw.notVisible, ...untoldOf(account)],
    muster: stage.version,
  };
}

function managementOf({ rootAccess }: Management): NonNullable<Context['account']['management']> {
  if (rootAccess === undefined) return {};
  if ('unknown' in rootAccess) return { root_access: 'unknown' };
  return { root_access: rootAccess.isManaged ? 'managed' : 'not_managed' };
}

function untoldOf({ management }: Account): readonly string[] {
  const access = management?.rootAccess;
  return access !== undefined && 'unknown' in access ? [access.unknown] : [];
}
