import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Work } from '../audit/desk.ts';
import { markerOf } from '../audit/identities.ts';
import type { AccessAnswer } from '../audit-answers.ts';
import type { AuditApi, Granularity } from '../audit-api.ts';
import { codeBehind } from '../faults.ts';
import type { AccessedService, AccessPage } from './pages.ts';

const FIRST_LOOK_MS = 1_500;
const LONGEST_JOB_MS = 10 * 60_000;
const TRIES = 3;

/**
 * AWS makes the answer about each identity by a job, which only the credentials that began it may read:
 *
 *   generate ─► (looked at when others of late were ready) ─► completed: all pages ─► the answer
 *      ▲                                                   └─ failed, forgotten, too slow, other credentials
 *      └───────────────────────────── begun again, three times ──────────────────────┘
 */
export interface Jobs {
  run(arn: string): Promise<AccessPage>;
}

type JobApi = Pick<AuditApi, 'generateAccess' | 'access' | 'signer'>;

/** When a job is worth a look, by how long others took: looks in vain are calls too. */
export interface Experience {
  jobMs: number;
}

export function newExperience(): Experience {
  return { jobMs: FIRST_LOOK_MS };
}

export function jobsOf(api: JobApi, granularity: Granularity, experience: Experience, work: Work): Jobs {
  const { signal, clock, ask } = work;
  return { run };

  async function run(arn: string): Promise<AccessPage> {
    let failed = '';
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const signer = await api.signer(signal);
      const begun = await orRefusal(() => ask(() => api.generateAccess(arn, granularity, signal)));
      if (typeof begun === 'string') return { failed: begun };
      if ('gone' in begun) return begun;
      const ended = await followed(begun.told.JobId, signer, clock.now());
      if (typeof ended !== 'string') return ended;
      failed = ended;
    }
    return { failed };
  }

  /** The answer, or why there is none. */
  async function followed(jobId: string, signer: string, since: Instant): Promise<AccessPage | string> {
    for (let lookedAfterMs = 0; ; ) {
      await untilWorthALook(since, lookedAfterMs, experience, work);
      if ((await api.signer(signal)) !== signer) return 'the credentials changed meanwhile';
      const answer = await ask(() => api.access(jobId, undefined, signal));
      if (answer === 'gone') return 'AWS does not know the job any more';
      const ageMs = clock.now() - since;
      if (answer.JobStatus === 'FAILED') return answer.Error?.Code ?? 'FAILED';
      if (answer.JobStatus === 'COMPLETED') {
        learn(answer, experience);
        return (await allOf(jobId, answer, api, work)) ?? 'AWS does not know the job any more';
      }
      if (ageMs >= LONGEST_JOB_MS) return 'AWS did not finish the job in ten minutes';
      lookedAfterMs = ageMs;
      experience.jobMs = Math.min(Math.max(experience.jobMs, ageMs * 1.5), LONGEST_JOB_MS);
    }
  }
}

async function untilWorthALook(
  since: Instant,
  lookedAfterMs: number,
  experience: Experience,
  { clock, signal }: Work,
): Promise<void> {
  const soonest = Math.min(lookedAfterMs * 1.5, lookedAfterMs + 30_000);
  for (;;) {
    const at = since + Math.max(experience.jobMs, soonest);
    if (clock.now() >= at) return;
    await clock.sleepUntil(at, signal);
  }
}

/** What others will take: as long as this one, and a little longer; slowly less again. */
function learn({ JobCreationDate, JobCompletionDate }: AccessAnswer, experience: Experience): void {
  if (JobCreationDate === undefined || JobCompletionDate === undefined) return;
  const tookMs = Math.max(0, JobCompletionDate.getTime() - JobCreationDate.getTime()) + 1_000;
  experience.jobMs = Math.max(Math.min(tookMs, LONGEST_JOB_MS), experience.jobMs * 0.9);
}

/** All pages; undefined when the job is gone before the last one. */
async function allOf(jobId: string, first: AccessAnswer, api: JobApi, work: Work): Promise<AccessPage | undefined> {
  const services = first.ServicesLastAccessed.map(serviceOf);
  const markers = new Set<string>();
  for (let marker = markerOf(first); marker !== undefined; ) {
    if (markers.has(marker)) throw repeated(work);
    markers.add(marker);
    const from = marker;
    const answer = await work.ask(() => api.access(jobId, from, work.signal));
    if (answer === 'gone') return undefined;
    services.push(...answer.ServicesLastAccessed.map(serviceOf));
    marker = markerOf(answer);
  }
  return { services };
}

function repeated({ desk }: Work): Fault {
  const action = 'iam:GetServiceLastAccessedDetails';
  return new Fault('malformed', `account ${desk.accountId}: AWS repeats a page of ${action}`);
}

/** AWS may refuse one odd identity: that is no reason to have no report of all others. */
async function orRefusal<T extends object>(
  call: () => Promise<T | 'gone'>,
): Promise<{ readonly told: T } | { readonly gone: true } | string> {
  try {
    const told = await call();
    return told === 'gone' ? { gone: true } : { told };
  } catch (error) {
    const code = codeBehind(error);
    if (!(error instanceof Fault) || error.kind !== 'misconfigured' || code === undefined) throw error;
    return code;
  }
}

function serviceOf(service: AccessAnswer['ServicesLastAccessed'][number]): AccessedService {
  const { ServiceNamespace, ServiceName, LastAuthenticated, LastAuthenticatedRegion } = service;
  const actions = service.TrackedActionsLastAccessed?.map((action) => ({
    name: action.ActionName,
    ...useOf(action.LastAccessedTime, action.LastAccessedRegion),
  }));
  return {
    namespace: ServiceNamespace,
    ...(ServiceName === undefined ? {} : { name: ServiceName }),
    ...useOf(LastAuthenticated, LastAuthenticatedRegion),
    ...(actions === undefined ? {} : { actions }),
  };
}

function useOf(at: Date | undefined, region: string | undefined) {
  return { ...(at === undefined ? {} : { at: at.getTime() }), ...(region === undefined ? {} : { region }) };
}
