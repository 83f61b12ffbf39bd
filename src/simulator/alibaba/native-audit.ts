import type { Answer, Call } from './actions.ts';
import { AlibabaError, notExist } from './alibaba-error.ts';

const JOB_MS = 2_000;

/** Alibaba Cloud documents the names of these two, and nothing else: the rest is made up, as the provider's defaults are. */
export function createJob({ world, account, principal, query }: Call): Answer {
  const arn = query.get('Arn') ?? '';
  if (holderOf(account.id, arn) === undefined) throw notExist('Identity');
  const wrong = account.audit.jobErrors.get(arn);
  if (wrong?.when === 'asked') throw new AlibabaError(400, wrong.code, messageOf(wrong.policy));
  const JobId = `job-${account.audit.jobs.size + 1}`;
  account.audit.jobs.set(JobId, { owner: principal.principalId, arn, readyAt: world.clock.now() + JOB_MS });
  return { JobId };
}

export function readJob({ world, account, principal, query }: Call): Answer {
  const job = account.audit.jobs.get(query.get('JobId') ?? '');
  if (job === undefined) throw notExist('Job');
  if (job.owner !== principal.principalId) throw new AlibabaError(403, 'NoPermission', 'Not the owner of the report.');
  if (world.clock.now() < job.readyAt) return { JobStatus: 'IN_PROGRESS' };
  const wrong = account.audit.jobErrors.get(job.arn);
  if (wrong !== undefined)
    return { JobStatus: 'FAILED', Error: { Code: wrong.code, Message: messageOf(wrong.policy) } };
  const holder = holderOf(account.id, job.arn);
  const last = new Map<string, number>();
  for (const { kind, name, service, at } of account.audit.events)
    if (`${kind}/${name}`.toLowerCase() === holder) last.set(service, Math.max(at, last.get(service) ?? 0));
  const Service = [...last].map(([service, at]) => ({
    ServiceNamespace: service.toLowerCase(),
    LastAuthenticated: new Date(at).toISOString(),
  }));
  return { JobStatus: 'COMPLETED', ServicesLastAccessed: { Service } };
}

function messageOf(policy: string): string {
  return `The policy ${policy} cannot be analyzed.`;
}

function holderOf(accountId: string, arn: string): string | undefined {
  const prefix = `acs:ram::${accountId}:`;
  return arn.startsWith(prefix) ? arn.slice(prefix.length).toLowerCase() : undefined;
}
