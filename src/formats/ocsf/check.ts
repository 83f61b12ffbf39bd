import type { Event } from '../../domain/event.ts';
import type { Data, Part } from './parts.ts';

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

export function standardsOf(event: Event): Part {
  const controls = controlsOf(event);
  if (controls.length === 0) return { standards: ['Muster'] };
  return {
    standards: [...new Set(controls.map(([standard]) => standard))],
    checks: controls.map(([standard, uid]) => ({ uid, standards: [standard] })),
  };
}

export function remediationOf(event: Event): Part {
  const { remediation } = checkOf(event);
  return typeof remediation === 'string' ? { remediation: { desc: remediation } } : {};
}
