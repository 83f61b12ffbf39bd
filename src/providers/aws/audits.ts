import type { Account } from '../../domain/account.ts';
import type { Look, Probed, ProviderTools, Step } from '../provider.ts';
import { type AccessDesk, collectAccess } from './access-audit/collect.ts';
import { newExperience } from './access-audit/jobs.ts';
import { ACCESS_KIND, AccessSettings } from './access-audit/kind.ts';
import { deskOf } from './audit/desk.ts';
import { probeAudits } from './audit/probe.ts';
import { type AuditApis, openAudits } from './audit-api.ts';
import { collectKeys, type KeyDesk } from './key-audit/collect.ts';
import { KEY_KIND, KeySettings } from './key-audit/kind.ts';
import { regionsOf } from './key-audit/regions.ts';
import type { Settings } from './settings.ts';

/** The audits of one account. What they need is opened at the first one: most accounts have none. */
export interface Audits {
  /** Undefined for a kind that is no audit. */
  next(kind: string, look: Look): Promise<Step> | undefined;
  probe(signal: AbortSignal): Promise<readonly Probed[]>;
  close(): void;
}

export function auditsOf(account: Account, settings: Settings, tools: ProviderTools): Audits {
  const { clock, observe } = tools;
  const { region, maxRps } = settings;
  let opening: Promise<AuditApis> | undefined;
  const open = () => (opening ??= openAudits(account, settings, clock));
  const desk = (kind: string) => deskOf({ accountId: account.id, kind, maxRps, clock, observe });
  const accessDesk = once((): AccessDesk => {
    const own = ownSettings(account, ACCESS_KIND, AccessSettings);
    return { ...desk(ACCESS_KIND), settings: own, experience: newExperience() };
  });
  const keyDesk = once((): KeyDesk => {
    const { depth, regions } = ownSettings(account, KEY_KIND, KeySettings);
    return { ...desk(KEY_KIND), before: undefined, walked: undefined, depth, regions: regionsOf(regions, region) };
  });
  return {
    next(kind, look) {
      switch (kind) {
        case ACCESS_KIND:
          return open().then(({ iam }) => collectAccess(iam, accessDesk(), look));
        case KEY_KIND:
          return open().then((apis) => collectKeys(apis, keyDesk(), look));
        default:
          return undefined;
      }
    },
    async probe(signal) {
      if (!(ACCESS_KIND in account.reports) && !(KEY_KIND in account.reports)) return [];
      return probeAudits({ account, region, apis: await open(), now: clock.now() }, signal);
    },
    close() {
      opening?.then(
        (apis) => apis.close(),
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
