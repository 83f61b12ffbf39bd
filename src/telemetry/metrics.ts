import { Counter, Gauge, Registry } from 'prom-client';
import type { Happening } from '../domain/happening.ts';

/** Labels are provider, sink, job and kind: never an account, an id or an address. */
export interface Metrics {
  count(happening: Happening): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function metrics(): Metrics {
  const registry = new Registry();
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const reports = counter('muster_reports_total', 'Reports by what became of them', ['provider', 'outcome']);
  const events = counter('muster_events_total', 'Events by what became of them', ['sink', 'outcome']);
  const faults = counter('muster_faults_total', 'Faults by job and kind', ['job', 'fault']);
  const due = gauge('muster_sources_due', 'Sources due before the next tick, at the last plan');
  const behind = gauge('muster_deliveries_behind', 'Pairs of source and sink whose cursor lags, at the last plan');
  const clock = gauge(
    'muster_clock_behind_seconds',
    'By how much this clock is behind the newest report, at the last plan',
  );
  const planned = gauge('muster_last_plan_timestamp_seconds', 'When the last plan ended');
  const count = (happening: Happening) => {
    switch (happening.kind) {
      case 'archived':
      case 'unchanged':
      case 'quarantined':
        return reports.inc({ provider: happening.source.split('/')[0] ?? '', outcome: happening.kind });
      case 'delivered':
        events.inc({ sink: happening.sink, outcome: 'delivered' }, happening.events);
        return events.inc({ sink: happening.sink, outcome: 'rejected' }, happening.rejected);
      case 'fault':
        return faults.inc({ job: happening.job, fault: happening.fault });
      case 'planned':
        due.set(happening.due);
        clock.set(happening.clockBehindMs / 1_000);
        planned.setToCurrentTime();
        return behind.set(happening.behind);
      case 'started':
      case 'stopping':
      case 'stopped':
      case 'waiting':
      case 'rejected':
      case 'degraded':
      case 'oddity':
      case 'held':
      case 'warning':
        return;
    }
  };
  return { count, text: () => registry.metrics(), contentType: registry.contentType };
}
