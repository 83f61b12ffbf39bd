import type { Account } from '../../domain/account.ts';
import type { Look, Probed, ProviderTools, Step } from '../provider.ts';
import { type AccessDesk, collectAccess } from './access-audit/collect.ts';
import { ACCESS_KIND, AccessSettings } from './access-audit/kind.ts';
import type { TencentApi } from './api.ts';
import { probeAudits } from './audit/probe.ts';
import { type AuditApi, openAudits } from './audit-api.ts';
import { deskOf, type Paces } from './credential-report/desk.ts';
import { collectKeys, type KeyDesk } from './key-audit/collect.ts';
import { KEY_KIND, KeySettings } from './key-audit/kind.ts';
import type { Settings } from './settings.ts';

/** The audits of one account. What they need is opened at the first one: most accounts have none. */
export interface Audits {
  /** Undefined for a kind that is no audit. */
  next(kind: string, look: Look): Promise<Step> | undefined;
  probe(signal: AbortSignal): Promise<readonly Probed[]>;
  close(): void;
}

interface AuditsParts {
  readonly account: Account;
  readonly settings: Settings;
  readonly tools: ProviderTools;
  readonly api: TencentApi;
  readonly paces: Paces;
}

export function auditsOf({ account, settings, tools, api, paces }: AuditsParts): Audits {
  const { clock, observe } = tools;
  let opening: Promise<AuditApi> | undefined;
  const open = () => (opening ??= openAudits(account, settings, clock));
  const desk = (kind: string) => ({
    ...deskOf({ accountId: account.id, kind, settings, clock, observe, paces }),
    under: undefined,
    before: undefined,
    walked: undefined,
  });
  const keyDesk = once((): KeyDesk => {
    const { depth, regions = [settings.region] } = ownSettings(account, KEY_KIND, KeySettings);
    return { ...desk(KEY_KIND), depth, regions };
  });
  const accessDesk = once((): AccessDesk => {
    const { regions = [settings.region], ...own } = ownSettings(account, ACCESS_KIND, AccessSettings);
    return { ...desk(ACCESS_KIND), ...own, regions };
  });
  return {
    next(kind, look) {
      switch (kind) {
        case KEY_KIND:
          return open().then((audit) => collectKeys(api, audit, keyDesk(), look));
        case ACCESS_KIND:
          return open().then((audit) => collectAccess(api, audit, accessDesk(), look));
        default:
          return undefined;
      }
    },
    async probe(signal) {
      if (!(ACCESS_KIND in account.reports) && !(KEY_KIND in account.reports)) return [];
      return probeAudits({ account, settings, audit: await open(), paces, now: clock.now() }, signal);
    },
    close() {
      opening?.then(
        (audit) => audit.close(),
        () => undefined, // it was told to whoever wanted it
      );
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
