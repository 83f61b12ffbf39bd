import type { Instant } from '../domain/instant.ts';

/** A job carries no data: it names what is to be brought up to date. `state` is a provider's small wait, untrusted when it comes back. */
export type Job =
  | {
      readonly name: 'plan';
      readonly tick: string;
      /** Of a process that does not do everything: which part it plans. */
      readonly scope?: string | undefined;
    }
  | {
      readonly name: 'collect';
      readonly source: string;
      readonly due: string;
      readonly attempt: number;
      readonly state?: unknown;
    }
  | {
      readonly name: 'deliver';
      readonly sink: string;
      readonly source: string;
      readonly upTo: number;
      readonly attempt: number;
    };

export type JobName = Job['name'];

/** `again`: the same job, at that moment, with this content. It holds no worker meanwhile and spends no attempt. */
export type Outcome = { readonly do: 'done' } | { readonly do: 'again'; readonly at: Instant; readonly job: Job };

export type Handler = (job: Job, signal: AbortSignal) => Promise<Outcome>;

export interface QueueStats {
  readonly ready: boolean;
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
}

/** One port, two engines. Adding a job whose id is already waiting, delayed or active is free and does nothing. */
export interface Queue {
  readonly name: string;
  add(job: Job, at: Instant): Promise<void>;
  /** Starts working; concurrency is per job name. A handler that throws is reported, and its job is forgotten: the next plan sees what is missing. */
  work(handler: Handler, concurrency: Readonly<Record<JobName, number>>): Promise<void>;
  stats(): Promise<QueueStats>;
  /** Takes nothing new, aborts the handlers' signals, waits at most `graceMs`. Neither hangs when Redis is gone nor spends an attempt. */
  close(graceMs: number): Promise<void>;
}

/** Ids name what is to be brought up to date and its due instant. No colons: BullMQ forbids them. */
export function jobId(job: Job): string {
  switch (job.name) {
    case 'plan':
      return `plan-${job.scope === undefined ? '' : `${job.scope}-`}${plain(job.tick)}`;
    case 'collect':
      return `collect-${plain(job.source)}-${plain(job.due)}`;
    case 'deliver':
      return `deliver-${job.sink}-${plain(job.source)}-${job.upTo}`;
  }
}

function plain(text: string): string {
  return text.replace(/[/:]/g, '.');
}
