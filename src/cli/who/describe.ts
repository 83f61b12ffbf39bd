import type { Event } from '../../domain/event.ts';
import type { Subject } from './subjects.ts';
import { keysIn } from './timeline.ts';

type Data = Readonly<Record<string, unknown>>;

/** One event as a line of a timeline: its sentence, or what it holds. */
export function describeEvent({ type, message, data = {}, credential }: Event, { key }: Subject): string {
  const which = key === undefined && credential?.id !== undefined ? `${credential.id}: ` : '';
  switch (type) {
    case 'inventory.identity':
      return key === undefined ? identityText(data) : keysIn(data).filter(isOf(key)).map(keyText).join('; ');
    case 'access.identity':
      return listText(data['why']);
    case 'access.service':
      return `${text(data['service'])}: ${useText(data)}${grantsText(data)}`;
    case 'access.key':
      return `${which}${[useText(data), named('for', data['services']), named('from', data['networks'])]
        .filter(Boolean)
        .join(', ')}`;
    case 'access.key_service':
      return `${which}${text(data['service'])}: ${[useText(data), named('events', names(data['events'], 'event'))].filter(Boolean).join(', ')}`;
    default:
      return message;
  }
}

function isOf(key: NonNullable<Subject['key']>): (one: Data) => boolean {
  return ({ id }) => id === undefined || id === key.id;
}

function identityText(data: Data): string {
  const keys = keysIn(data).map(keyText);
  const flags = [flagText('console', data['console_enabled']), flagText('MFA', data['mfa_enabled'])];
  return [...flags, ...keys].filter((part) => part !== '').join('; ');
}

function flagText(name: string, flag: unknown): string {
  return typeof flag === 'boolean' ? `${name} ${flag ? 'on' : 'off'}` : '';
}

function keyText(key: Data): string {
  const state = key['active'] === true ? 'active' : key['active'] === false ? 'inactive' : 'state unknown';
  return `key ${text(key['id'] ?? `made ${text(key['created_at'])}`)} ${state}, ${useText(key)}`;
}

function useText(data: Data): string {
  if (typeof data['last_used_at'] === 'string') return `last used ${data['last_used_at']}`;
  return data['last_used_at_reason'] === 'never' ? 'never used' : 'last use not known';
}

function grantsText(data: Data): string {
  const grants = (data['granted_by'] ?? []) as readonly { readonly policy: string; readonly via?: string }[]; // Muster's own
  const told = grants.map(({ policy, via }) => (via === undefined ? policy : `${policy} via ${via}`));
  return told.length === 0 ? '' : `, granted by ${told.join(', ')}`;
}

function names(list: unknown, name: string): readonly unknown[] {
  return Array.isArray(list) ? (list as readonly Data[]).map((one) => one[name]) : [];
}

function named(word: string, list: unknown): string {
  return Array.isArray(list) && list.length > 0 ? `${word} ${list.map(text).join(', ')}` : '';
}

function listText(list: unknown): string {
  return Array.isArray(list) ? list.map(text).join('; ') : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '-');
}
