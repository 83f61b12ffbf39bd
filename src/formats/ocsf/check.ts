import type { Event } from '../../domain/event.ts';
import type { Data } from './parts.ts';
import { member, part } from './text.ts';

/** What a check says beside its id and title, as far as this event tells it. */
export function checkOf(event: Event): Data {
  return { ...event.check };
}

/** The same check by the names of others: standard or tool, and its own number there. */
function controlsOf(event: Event): readonly (readonly [standard: string, id: string])[] {
  const { controls } = checkOf(event);
  if (typeof controls !== 'object' || controls === null) return [];
  return Object.entries(controls).flatMap(([standard, ids]) =>
    (Array.isArray(ids) ? ids : [ids]).map((id) => [standard, String(id)] as const),
  );
}

/** True when each has one number, so that the list of checks tells them whole. */
export function areControlsTold(event: Event): boolean {
  const { controls } = checkOf(event);
  if (typeof controls !== 'object' || controls === null || Array.isArray(controls)) return false;
  const ids = Object.values(controls);
  return ids.length > 0 && ids.every((id) => typeof id === 'string');
}

export function standardsOf(event: Event): string {
  const controls = controlsOf(event);
  if (controls.length === 0) return member('standards', ['Muster']);
  const standards = [...new Set(controls.map(([standard]) => standard))];
  const checks = controls.map(([standard, uid]) => ({ uid, standards: [standard] }));
  return member('standards', standards) + member('checks', checks);
}

export function remediationOf(event: Event): string {
  const { remediation } = checkOf(event);
  return typeof remediation === 'string' ? part('remediation', member('desc', remediation)) : '';
}
