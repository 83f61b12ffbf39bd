import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import type { AccessJob, TrailEvent } from './audit-state.ts';
import { AwsError, validationError } from './aws-error.ts';
import type { Form, Xml } from './aws-query.ts';
import type { IamCall } from './iam-identities.ts';
import { gives, policiesOf, type Subject, servicesGiven, subjectOf } from './identities-of-audit.ts';
import { pageOf } from './paging.ts';
import type { Principal } from './principals.ts';
import { serviceName, trackedActions } from './services.ts';
import { identityArn } from './world.ts';

const TRACKED_MS = 400 * 86_400_000;

export function generateAccess(call: IamCall): Xml {
  const { world, account, principal, form } = call;
  const subject = askedSubject(call);
  const granularity = form.get('Granularity') ?? 'SERVICE_LEVEL';
  if (granularity !== 'SERVICE_LEVEL' && granularity !== 'ACTION_LEVEL') throw validationError('granularity');
  const now = world.clock.now();
  const fails = account.audit.failingJobs > 0;
  if (fails) account.audit.failingJobs -= 1;
  const job: AccessJob = {
    id: randomUUID(),
    owner: ownerOf(principal),
    arn: subject.arn,
    hasActions: granularity === 'ACTION_LEVEL',
    startedAt: now,
    readyAt: now + world.auditPace.jobMs,
    fails,
  };
  account.audit.jobs.set(job.id, job);
  return { JobId: job.id };
}

/** A session is known by what it was when it was taken: another one of the same role is somebody else. */
function ownerOf(principal: Principal): Principal | string {
  return principal.isSession ? principal : principal.userId;
}

export function getAccess(call: IamCall): Xml {
  const { world, account, principal, form } = call;
  const job = account.audit.jobs.get(form.get('JobId') ?? '');
  if (job === undefined || job.owner !== ownerOf(principal))
    throw new AwsError(404, 'NoSuchEntity', `The job with id ${form.get('JobId') ?? ''} cannot be found.`);
  const common = {
    JobType: job.hasActions ? 'ACTION_LEVEL' : 'SERVICE_LEVEL',
    JobCreationDate: formatInstant(job.startedAt),
    ServicesLastAccessed: [],
    IsTruncated: false,
  };
  if (world.clock.now() < job.readyAt) return { ...common, JobStatus: 'IN_PROGRESS' };
  const ended = { ...common, JobCompletionDate: formatInstant(job.readyAt) };
  const subject = subjectOf(world, account, job.arn);
  if (job.fails || subject === undefined)
    return { ...ended, JobStatus: 'FAILED', Error: { Code: 'InternalFailure', Message: 'The job failed.' } };
  const services = servicesGiven(policiesOf(world, account, subject));
  const page = pageOf(capped(form, world.auditPace.pageRows), services, (service) => service);
  return {
    ...ended,
    JobStatus: 'COMPLETED',
    ServicesLastAccessed: page.members.map((service) => serviceXml(call, job, subject, service)),
    ...page.tail,
  };
}

/** AWS may give fewer than are asked for. */
function capped(form: Form, pageRows: number): Form {
  return new Map([...form, ['MaxItems', String(Math.min(Number(form.get('MaxItems') ?? '100'), pageRows))]]);
}

function serviceXml(call: IamCall, job: AccessJob, subject: Subject, service: string): Xml {
  const uses = usesOf(call, job, subject).filter((event) => event.service === service);
  const last = latest(uses);
  return {
    ServiceName: serviceName(service),
    ServiceNamespace: service,
    TotalAuthenticatedEntities: last === undefined ? 0 : 1,
    ...(last === undefined
      ? {}
      : {
          LastAuthenticated: formatSecond(last.at),
          LastAuthenticatedEntity: last.identity,
          LastAuthenticatedRegion: last.region,
        }),
    ...(job.hasActions
      ? { TrackedActionsLastAccessed: trackedActions(service).map((name) => actionXml(name, uses)) }
      : {}),
  };
}

function actionXml(name: string, uses: readonly TrailEvent[]): Xml {
  const last = latest(uses.filter(({ event }) => event === name));
  if (last === undefined) return { ActionName: name };
  return {
    ActionName: name,
    LastAccessedEntity: last.identity,
    LastAccessedTime: formatSecond(last.at),
    LastAccessedRegion: last.region,
  };
}

/** Refused attempts count; what came in the last hours may not show yet. Of a group: what its members did. */
function usesOf({ world, account }: IamCall, job: AccessJob, subject: Subject): readonly TrailEvent[] {
  const arns = new Set<string>([subject.arn]);
  if (subject.kind === 'group')
    for (const [name, user] of account.users)
      if (subject.group.members.has(name)) arns.add(identityArn(world, account, user));
  const [from, to] = [job.startedAt - TRACKED_MS, job.startedAt - world.auditPace.accessLagMs];
  return account.audit.events.filter(({ identity, at }) => arns.has(identity) && at >= from && at <= to);
}

function latest(events: readonly TrailEvent[]): TrailEvent | undefined {
  let newest: { readonly at: Instant; readonly event: TrailEvent } | undefined;
  for (const event of events) if (newest === undefined || event.at > newest.at) newest = { at: event.at, event };
  return newest?.event;
}

/** Managed policies are told by their ARN alone, wherever they are attached; inline ones with whom they belong to. */
export function listGrants(call: IamCall): Xml {
  const { world, account, form } = call;
  const subject = askedSubject(call);
  const asked = membersOf(form, 'ServiceNamespaces');
  if (asked.length === 0 || asked.length > 200) throw validationError('serviceNamespaces must have 1 to 200 members');
  const given = policiesOf(world, account, subject);
  const page = pageOf(capped(form, world.auditPace.pageRows), asked.toSorted(), (namespace) => namespace);
  const entries = page.members.map((namespace) => ({
    ServiceNamespace: namespace,
    Policies: given
      .filter((one) => gives(one, namespace))
      .map(({ policy, group }) =>
        policy.isManaged
          ? {
              PolicyName: policy.name,
              PolicyType: 'MANAGED',
              PolicyArn: `arn:${world.partition}:iam::${account.id}:policy/${policy.name}`,
            }
          : {
              PolicyName: policy.name,
              PolicyType: 'INLINE',
              EntityType: group === undefined ? subject.kind.toUpperCase() : 'GROUP',
              EntityName: group ?? nameOf(subject),
            },
      ),
  }));
  return { PoliciesGrantingServiceAccess: entries, ...page.tail };
}

function nameOf(subject: Subject): string {
  switch (subject.kind) {
    case 'user':
      return subject.user.name;
    case 'role':
      return subject.role.name;
    case 'group':
      return subject.group.name;
  }
}

function membersOf(form: Form, name: string): readonly string[] {
  const found: string[] = [];
  for (let number = 1; ; number += 1) {
    const member = form.get(`${name}.member.${number}`);
    if (member === undefined) return found;
    found.push(member);
  }
}

function askedSubject({ world, account, form }: IamCall): Subject {
  const arn = form.get('Arn') ?? '';
  const subject = subjectOf(world, account, arn);
  if (subject === undefined) throw new AwsError(404, 'NoSuchEntity', `ARN ${arn} was not found.`);
  return subject;
}
