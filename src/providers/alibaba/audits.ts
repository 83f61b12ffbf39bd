import type { Account } from '../../domain/account.ts';
import type { Look, Probed, ProviderTools, Step } from '../provider.ts';
import { collectAccess } from './access-audit/collect.ts';
import type { AccessDesk } from './access-audit/gathered.ts';
import { ACCESS_KIND, AccessSettings } from './access-audit/kind.ts';
import { deskOf } from './audit/desk.ts';
import { probeAudits } from './audit/probe.ts';
import { type AuditApis, openAudits } from './audit-api.ts';
import type { KeyDesk } from './key-audit/audited.ts';
import { collectKeys } from './key-audit/collect.ts';
import { KEY_KIND, KeySettings } from './key-audit/kind.ts';
import type { Settings } from './settings.ts';

/** The audits of one account. What they need is opened at the first one: most accounts have none. */
export interface Audits {
  /** Undefined for a kind that is no audit. */
  next(kind: string, look: Look): Promise<Step> | undefined;
  probe(signal: AbortSignal): Promise<readonly Probed[]>;
  close(): void;
}

export function auditsOf(account: Account, settings: Settings, { clock, observe }: ProviderTools): Audits {
  const { maxRps } = settings;
  const wanted = [ACCESS_KIND, KEY_KIND].filter((kind) => kind in account.reports);
  let opening: Promise<AuditApis> | undefined;
  const open = () => (opening ??= openAudits(account, settings, clock));
  const desk = (kind: string) =>
    deskOf({ accountId: account.id, kind, maxRps, audits: Math.max(1, wanted.length), observe });
  const accessDesk = once((): AccessDesk => {
    return { ...desk(ACCESS_KIND), settings: ownSettings(account, ACCESS_KIND, AccessSettings) };
  });
  const keyDesk = once((): KeyDesk => {
    return { ...desk(KEY_KIND), depth: ownSettings(account, KEY_KIND, KeySettings).depth };
  });
  return {
    next(kind, look) {
      switch (kind) {
        case ACCESS_KIND:
          return open().then((apis) => collectAccess(apis, accessDesk(), look));
        case KEY_KIND:
          return open().then((apis) => collectKeys(apis, keyDesk(), look));
        default:
          return undefined;
      }
    },
    async probe(signal) {
      return wanted.length === 0 ? [] : probeAudits(account, await open(), clock.now(), signal);
    },
    close() {
      void opening?.then((apis) => apis.close());
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** As the kind's own schema made them; its defaults where an account was put together without them. */
function ownSettings<T>({ reports }: Account, kind: string, schema: { parse(given: unknown): T }): T {
  return schema.parse(reports[kind]?.settings ?? {});
}
