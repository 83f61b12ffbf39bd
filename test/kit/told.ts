import { CHANGES_READ, CHECKS_READ } from './expected-events.ts';
import type { ReceivedEvent } from './received-events.ts';

/** What Muster told, in the words of expected-events.ts. */
export function toldChanges(events: readonly ReceivedEvent[]): string[] {
  return events
    .filter(({ kind, type }) => kind === 'change' && CHANGES_READ.has(type))
    .map(({ type, account, identity, credential, before }) => {
      const key = credential === undefined ? '' : ` ${credential.created_at} ${credential.id ?? '?'}`;
      const old = type === 'access_key.rotated' ? ` for ${String(before?.['created_at'])}` : '';
      return `${account.id} ${type} ${identity?.name}${key}${old}`;
    })
    .sort();
}

interface Open {
  readonly check: string;
  readonly severity: string;
  readonly identity: { readonly name: string };
  readonly credential?: { readonly created_at?: string };
}

/** Adding each id that is `open` and removing each that is `closed`, as docs/events.md says; by finding id. */
export function foldedFindings(events: readonly ReceivedEvent[]): ReadonlyMap<string, string> {
  const open = new Map<string, string>();
  for (const event of events) {
    if (event.kind !== 'finding') continue;
    if (event.status === 'closed') open.delete(event.finding_id!);
    else
      open.set(
        event.finding_id!,
        inWords(event.account.id, { ...event, check: event.check!.id, identity: event.identity! }),
      );
  }
  return open;
}

/** The rows of `muster findings --json`; by finding id. */
export function listedFindings(json: string): ReadonlyMap<string, string> {
  const rows = JSON.parse(json) as readonly (Open & { readonly id: string; readonly source: string })[];
  return new Map(rows.map((row) => [row.id, inWords(row.source.split('/')[1]!, row)]));
}

/** Of those, what expected-events.ts works out too. */
export function findingsRead(findings: ReadonlyMap<string, string>): string[] {
  return [...findings.values()].filter((text) => CHECKS_READ.has(text.split(' ')[1]!)).sort();
}

function inWords(account: string, { check, severity, identity, credential }: Open): string {
  return `${account} ${check} ${severity} ${identity.name} ${credential?.created_at ?? '-'}`;
}

interface InventoryData {
  readonly console_enabled?: boolean;
  readonly mfa_enabled?: boolean;
  readonly access_keys: readonly { readonly created_at?: string; readonly active?: boolean }[];
}

export function toldInventory(events: readonly ReceivedEvent[]): string[] {
  return events
    .filter(({ kind }) => kind === 'inventory')
    .map(({ account, identity, data }) => {
      const { console_enabled: console, mfa_enabled: mfa, access_keys: keys } = data as unknown as InventoryData;
      const words = keys.map(({ created_at: at, active }) => `${at}/${active}`).sort();
      return `${account.id} ${identity?.name} console:${console} mfa:${mfa} keys:${words.join('+')}`;
    })
    .sort();
}
