import type { Event } from '../../domain/event.ts';
import { VERSION } from '../../kit/version.ts';
import { type Layout, SUCCESS, windowOf } from './layout.ts';
import { type Data, millis } from './parts.ts';
import { member, members, part } from './text.ts';

const FAILURE = members({ status_id: 2, status: 'Failure' });
const APP = members({ name: 'Muster', vendor_name: 'Muster', version: VERSION });

/** 6007 Scan Activity: a report was collected, and this is what it came to. */
export function scanLayout(event: Event): Layout {
  const { report, data = {} } = event;
  const [start, end] = [millis(report.generated_at), millis(report.collected_at)];
  const duration = start !== undefined && end !== undefined && end >= start ? end - start : undefined;
  const { identities, open_findings } = data;
  const scan = { uid: `${report.source}/${report.number}`, name: report.source, type_id: 2, type: 'Scheduled' };
  return {
    first: members({ scan, total: identities, num_detections: open_findings }),
    observables: '',
    next: members({ start_time: start, end_time: end, duration, schedule_uid: report.source }) + SUCCESS,
    homes: event.data === undefined ? {} : { data: COUNTS },
  };
}

const COUNTS = new Set(['identities', 'open_findings']);

/** 6002 Application Lifecycle: a source or a sink is well again, or has left; or how an account is watched. */
export function lifecycleLayout(event: Event): Layout {
  const window = windowOf(event);
  return {
    first: part('app', APP + part('feature', member('name', thingOf(event)))),
    observables: '',
    next: window + SUCCESS + troubleOf(event.data ?? {}),
    homes: dataHome(event, window),
  };
}

/** 6008 Application Error: a source or a sink is not as it should be. */
export function errorLayout(event: Event): Layout {
  const window = windowOf(event);
  return {
    first: troubleOf(event.data ?? {}),
    observables: '',
    next: window + FAILURE,
    homes: dataHome(event, window),
  };
}

/** `health.source.left` is told of the source that `data.source` names. */
function thingOf({ type, account, data }: Event): string {
  if (type === 'account.status') return `${account.provider}/${account.id}`;
  const thing = type.split('.')[1] ?? '';
  const name = data?.[thing];
  return typeof name === 'string' ? name : 'daemon';
}

/** The fault and the words for it. */
function troubleOf({ fault, message }: Data): string {
  return (
    (typeof fault === 'string' ? member('status_code', fault) : '') +
    (typeof message === 'string' ? member('status_detail', message) : '')
  );
}

function dataHome({ data }: Event, window: string): Layout['homes'] {
  if (data === undefined) return {};
  const told = [
    ...(window === '' ? [] : ['window']),
    ...(typeof data['fault'] === 'string' ? ['fault'] : []),
    ...(typeof data['message'] === 'string' ? ['message'] : []),
  ];
  return told.length === 0 ? {} : { data: new Set(told) };
}
