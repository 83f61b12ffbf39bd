import type { Event } from '../../domain/event.ts';
import { VERSION } from '../../kit/version.ts';
import { cloudOf } from './cloud.ts';
import type { Edition } from './edition.ts';
import type { Observable } from './layout.ts';
import { type Data, millis, rest } from './parts.ts';
import { member, members } from './text.ts';

const ACCOUNT = new Set(['provider', 'id', 'name', 'labels']);
const REPORT = new Set(['source', 'number', 'generated_at']);
const OWN_REPORT = new Set([...REPORT, 'collected_at']);
/** Muster's own state is of no cloud. */
const OWN_PROVIDER = 'muster';

/** What all events of one report have in common, as text that ends in a comma. */
export interface Shared {
  /** Without its region and its braces; undefined of Muster's own. */
  readonly cloud: string | undefined;
  readonly observables: readonly Observable[];
  /** When Muster learned of it; undefined where OCSF cannot say it. */
  readonly time: number | undefined;
  /** Around the id and the type. */
  readonly metadata: { readonly start: string; readonly middle: string; readonly end: string };
  /** What of them goes under `unmapped`. */
  readonly account: string;
  readonly report: string;
}

/** Events of one report share the object that describes it: the text is made once for each. */
export function sharedFinder(edition: Edition): (event: Event) => Shared {
  const made = new WeakMap<object, { readonly account: object; readonly time: string; readonly shared: Shared }>();
  return (event) => {
    const { account, report, time } = event;
    const known = made.get(report);
    if (known?.account === account && known.time === time) return known.shared;
    const shared = sharedBy(edition, event);
    made.set(report, { account, time, shared });
    return shared;
  };
}

function sharedBy(edition: Edition, { account, report, time }: Event): Shared {
  const isOfACloud = account.provider !== OWN_PROVIDER;
  return {
    cloud: isOfACloud ? members(cloudOf(account)).slice(0, -1) : undefined,
    observables: isOfACloud ? [{ name: 'cloud.account.uid', type_id: 35, value: account.id }] : [],
    time: millis(time),
    metadata: {
      start: member('version', edition.version),
      middle:
        member('product', { name: 'Muster', vendor_name: 'Muster', version: VERSION }) +
        member('profiles', isOfACloud ? ['cloud', 'datetime'] : ['datetime']),
      end: members({
        log_source: report.source,
        sequence: report.number,
        original_time: report.generated_at,
        logged_time: millis(time),
      }).slice(0, -1),
    },
    account: member('account', isOfACloud ? rest(plainly(account), ACCOUNT) : account),
    report: member('report', rest(plainly(report), report.collected_at === time ? OWN_REPORT : REPORT)),
  };
}

function plainly(part: object): Data {
  return { ...part };
}
