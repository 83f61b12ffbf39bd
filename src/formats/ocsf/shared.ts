import type { Event } from '../../domain/event.ts';
import { VERSION } from '../../kit/version.ts';
import { cloudOf } from './cloud.ts';
import type { Edition } from './edition.ts';
import { observable } from './layout.ts';
import { millis } from './parts.ts';
import { left, member, members } from './text.ts';

const ACCOUNT = new Set(['provider', 'id', 'name', 'labels']);
const REPORT = new Set(['source', 'number', 'generated_at']);
const OWN_REPORT = new Set([...REPORT, 'collected_at']);
/** Muster's own state is of no cloud. */
const OWN_PROVIDER = 'muster';

/** What all events of one report have in common, as text. */
export interface Shared {
  /** Without its region and its braces; nothing of Muster's own. */
  readonly cloud: string;
  readonly observables: string;
  /** When Muster learned of it; undefined where OCSF cannot say it. */
  readonly time: number | undefined;
  /** When the cloud looked. */
  readonly generated: number | undefined;
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
  const { source, number, generated_at } = report;
  const logged = millis(time);
  const product = { name: 'Muster', vendor_name: 'Muster', version: VERSION };
  return {
    cloud: isOfACloud ? cloudOf(account).slice(1) : '',
    observables: isOfACloud ? observable('cloud.account.uid', 35, account.id) : '',
    time: logged,
    generated: millis(generated_at),
    metadata: {
      start: member('version', edition.version).slice(1),
      middle: members({ product, profiles: isOfACloud ? ['cloud', 'datetime'] : ['datetime'] }),
      end: members({ log_source: source, sequence: number, original_time: generated_at, logged_time: logged }),
    },
    account: isOfACloud ? left('account', account, ACCOUNT) : member('account', account),
    report: left('report', report, report.collected_at === time ? OWN_REPORT : REPORT),
  };
}
