import type { Account } from '../../domain/account.ts';
import type { Instant } from '../../domain/instant.ts';
import { splitSource } from '../../domain/names.ts';
import { type AccessKeyRecord, valueOf } from '../../domain/record.ts';
import { groupBy } from '../../kit/group-by.ts';
import type { Stage } from '../../pipeline/stage.ts';
import { providers } from '../../providers/registry.ts';
import { newestReport } from '../newest-report.ts';
import { ago } from '../text.ts';
import type { Finding } from './finding.ts';

const OLD_MS = 90 * 86_400_000;

interface OwnKey {
  readonly provider: string;
  readonly keyId: string;
}

/** The age of the keys that Muster itself uses, from the reports of the accounts that they belong to: that costs no permission. */
export async function examineOwnKeys(accounts: readonly Account[], stage: Stage): Promise<readonly Finding[]> {
  const keys = ownKeys(accounts);
  const made = keys.length === 0 ? new Map<string, Instant | undefined>() : await madeAt(keys, stage);
  return keys.map((key) => ageOf(key, made, stage.clock.now()));
}

function ownKeys(accounts: readonly Account[]): readonly OwnKey[] {
  const used = accounts.flatMap(({ provider, settings }) => {
    const outline = providers.find(({ name }) => name === provider)?.outline?.(settings);
    return (outline?.keyIds ?? []).map((keyId) => ({ provider, keyId }));
  });
  return [...groupBy(used, ({ provider, keyId }) => `${provider} ${keyId}`).values()].flatMap(([first]) => first ?? []);
}

function ageOf({ provider, keyId }: OwnKey, made: ReadonlyMap<string, Instant | undefined>, now: Instant): Finding {
  const about = `Muster's own key ${keyId} (${provider})`;
  const madeAt = made.get(`${provider} ${keyId}`);
  if (madeAt === undefined) {
    const next = 'collect the account that it belongs to (with key_ids), or look it up in its console';
    return { about, ok: true, text: 'its age is not known: no newest report shows it', next, cause: 'own key unknown' };
  }
  const text = `made ${ago(now - madeAt)} ago`;
  if (now - madeAt <= OLD_MS) return { about, ok: true, text, cause: 'well' };
  const next = 'make a new one, put it where auth names it, then delete this one; a workload identity needs none';
  return { about, ok: false, text: `older than 90 days: ${text}`, next, cause: 'own key old' };
}

/** Reads the newest report of every source of these clouds until all are found. */
async function madeAt(keys: readonly OwnKey[], stage: Stage): Promise<ReadonlyMap<string, Instant | undefined>> {
  const found = new Map<string, Instant | undefined>();
  const isWanted = (provider: string, id: string) => keys.some((key) => key.provider === provider && key.keyId === id);
  for (const source of await stage.archive.sources()) {
    const { provider } = splitSource(source);
    if (found.size === keys.length) break;
    if (!keys.some((key) => key.provider === provider)) continue;
    for (const { accessKeys } of (await newestReport(stage, source))?.records ?? [])
      for (const { id, createdAt } of accessKeys.filter(hasId))
        if (isWanted(provider, id)) found.set(`${provider} ${id}`, valueOf(createdAt));
  }
  return found;
}

function hasId(key: AccessKeyRecord): key is AccessKeyRecord & { readonly id: string } {
  return key.id !== undefined;
}
