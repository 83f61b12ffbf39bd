import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { parseSourceName, type SourceName, splitSource } from '../domain/names.ts';
import type { Damage } from './damage.ts';
import { parseObject, sealed } from './json-object.ts';
import type { Archive } from './port.ts';
import type { Store } from './store.ts';

/** Every source ever seen: delivering follows these, not the config. */
export function openAccounts(store: Store, damage: Damage): Pick<Archive, 'seen' | 'firstSeen' | 'sources'> {
  const known = new Set<SourceName>();

  async function seen(source: SourceName, at: number): Promise<void> {
    if (known.has(source)) return;
    const key = accountKey(source);
    if ((await store.get(key)) === undefined) {
      await store.create(key, sealed({ source, first_seen_at: formatInstant(at) }));
    }
    known.add(source);
  }

  async function firstSeen(source: SourceName): Promise<Instant | undefined> {
    const bytes = await store.get(accountKey(source));
    const { first_seen_at: at } = (bytes && parseObject(bytes)) ?? {}; // `verify` names one that was changed
    return typeof at === 'string' ? parseInstant(at) : undefined;
  }

  async function sources(): Promise<readonly SourceName[]> {
    const found: SourceName[] = [];
    for await (const key of store.list('accounts/')) {
      const source = sourceOfAccount(key);
      if (source === undefined) damage.say(key, 'it is no account');
      else found.push(source);
    }
    for (const source of found) known.add(source);
    return found;
  }

  return { seen, firstSeen, sources };
}

export function accountKey(source: SourceName): string {
  const { provider, accountId, kind } = splitSource(source);
  return `accounts/${provider}/${accountId}.${kind}.json`;
}

/** An account id has no dot, so the first one is ours. */
export function sourceOfAccount(key: string): SourceName | undefined {
  const match = /^accounts\/([^/]+)\/([^/.]+)\.([^/.]+)\.json$/.exec(key);
  return match === null ? undefined : parseSourceName(`${match[1]}/${match[2]}/${match[3]}`);
}
