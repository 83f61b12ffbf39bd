import { laidAside } from '../../../kit/shift.ts';
import type { Look, Step } from '../../provider.ts';
import { inShift, type Work } from '../audit/desk.ts';
import { type Listed, listRoles, listUsers } from '../audit/identities.ts';
import type { AuditApis } from '../audit-api.ts';
import { askEvents } from './events.ts';
import { type AccessDesk, type Gathered, keysOf } from './gathered.ts';
import { askHoldings, type Holding } from './holdings.ts';
import { askKeyUses } from './key-part.ts';
import { readKnown } from './known.ts';
import { askNative } from './native-part.ts';
import { SERVICE_LINKED } from './oddities.ts';
import { reportOf } from './report.ts';

/**
 * Users and roles ─► their policies and those of their groups ─► what these say ─► services of their keys ─► events that they caused ─►
 * the table. All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export function collectAccess(apis: AuditApis, desk: AccessDesk, look: Look): Promise<Step> {
  return inShift(desk, look, async (work) => {
    const gathered = await gather(apis, desk, look, work);
    if (typeof gathered === 'string') return laidAside(look.clock, `still to be asked for: ${gathered}`);
    return { do: 'keep', report: await reportOf(gathered, desk, work) };
  });
}

async function gather(apis: AuditApis, desk: AccessDesk, look: Look, work: Work): Promise<Gathered | string> {
  const { ram, trail } = apis;
  const { settings } = desk;
  const users = await listUsers(ram, work);
  const roles = await listRoles(ram, work);
  const own = roles.filter(({ name }) => !SERVICE_LINKED.test(name));
  const held = await askHoldings(users, own, ram, work);
  if (typeof held === 'string') return held;
  const holdings = [...held.holdings, ...linkedOf(roles)];
  const keyIds = holdings.flatMap(keysOf).toSorted();
  const keys = await askKeyUses(keyIds, settings.granularity === 'action', trail, work);
  if (typeof keys === 'string') return keys;
  const people = holdings.map(({ listed }) => listed);
  const seen = await askEvents({ people, settings, known: await readKnown(look) }, trail, work);
  if (typeof seen === 'string') return seen;
  const native = await askNative(holdings, apis, settings.native, work);
  if (typeof native === 'string') return native;
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  return { holdings, documents: held.documents, keys: byId, seen, native };
}

/** They are told of, and not asked about. */
function linkedOf(roles: readonly Listed[]): readonly Holding[] {
  const linked = roles.filter(({ name }) => SERVICE_LINKED.test(name));
  return linked.map((listed) => ({ listed, held: [], keys: [] }));
}
