import { COUNT, CUT, closed, FLAG, field, GRANTS, type Schema, TEXT, TEXTS, TIME } from './schema-words.ts';

const USE: Schema = { ...field('last_used_at', TIME), region: TEXT, count: COUNT };
const ACTION: Schema = closed({ action: TEXT, ...field('last_used_at', TIME), last_used_region: TEXT, granted: FLAG }, [
  'action',
]);

/** `data` of an `access` event. */
export const ACCESS: Schema = closed(
  {
    service: TEXT,
    service_name: TEXT,
    ...field('granted', FLAG),
    granted_by: GRANTS,
    ...field('active', FLAG),
    ...field('first_used_at', TIME),
    ...USE,
    last_used_region: TEXT,
    ...field('tracked_since', TIME),
    ...field('reported_last_used_at', TIME),
    actions: { type: 'array', items: ACTION },
    unused_actions: TEXTS,
    untold_actions: TEXTS,
    services: { anyOf: [COUNT, TEXTS], description: 'of an identity how many, of a key which' },
    complete: { ...FLAG, description: 'false when not all of it could be read' },
    regions: TEXTS,
    networks: TEXTS,
    events: { type: 'array', items: closed({ event: TEXT, ...USE }, ['event']) },
    addresses: { type: 'array', items: closed({ address: TEXT, network: TEXT, ...USE }, ['address']) },
    resources: { type: 'array', items: closed({ resource: TEXT, type: TEXT, ...USE }, ['resource', 'type']) },
    why: { ...TEXTS, description: 'what this does not show' },
    cut: CUT,
  },
  [],
);
