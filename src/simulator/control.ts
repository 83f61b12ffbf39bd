import { Fault } from '../domain/fault.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import { type Allow, readPolicy } from './allow.ts';
import { act, activityOf, parseActivity } from './aws/activity.ts';
import { changeAudit } from './aws/audit-changes.ts';
import { mutate, parseMutation } from './aws/mutations/mutate.ts';
import { changeOrganization } from './aws/organization.ts';
import { allowPrincipal, injectReport } from './aws/switches.ts';
import type { World } from './aws/world.ts';
import type { BuiltReport } from './built-report.ts';
import type { CallLog } from './calls.ts';
import type { SimulatedCloud } from './cloud.ts';
import { type Faults, parseFaultRule } from './faults.ts';
import type { History } from './history.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { WireReply, WireRequest } from './wire.ts';

export const CONTROL_PREFIX = '/_simulator/';

export interface Controlled {
  readonly clock: SimulatedClock;
  readonly calls: CallLog;
  readonly history: History;
  readonly faults: Faults;
  readonly world: World;
  /** All that are there beside AWS. */
  readonly clouds: readonly SimulatedCloud[];
  readonly describe: () => unknown;
}

type Route = (controlled: Controlled, asked: Asked) => unknown;

interface Asked {
  readonly query: URLSearchParams;
  /** What follows the route's name in the path. */
  readonly rest: string;
  /** The body's JSON; undefined when there is none. */
  readonly body: unknown;
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET ', ({ describe }) => describe()],
  ['GET calls', listCalls],
  ['DELETE calls', ({ calls }) => calls.clear()],
  ['GET history', ({ history }, { query }) => history.entries(historyFilter(query))],
  ['GET reports', getReports],
  ['POST report', (controlled, { body }) => setReport(controlled, object(body))],
  ['GET clock', ({ clock }) => clockState(clock)],
  ['POST clock', moveClock],
  ['GET faults', ({ faults }) => faults.list()],
  ['POST faults', ({ faults }, { body }) => list(body).map((rule) => faults.plant(parseFaultRule(object(rule))))],
  ['DELETE faults', ({ faults }) => faults.clear()],
  ['POST identities', (controlled, { body }) => changeIdentities(controlled, body)],
  ['POST organization', changeOrganizations],
  ['GET activity', getActivity],
  ['POST activity', (controlled, { body }) => list(body).map((one) => actAnywhere(controlled, object(one)))],
  ['POST audits', ({ world }, { body }) => list(body).map((one) => changeAudit(world, object(one)))],
  ['POST permissions', (controlled, { body }) => setPermissions(controlled, object(body))],
]);

/** The simulator's own side: no signature, JSON in and out, on the same port. */
export function answerControl(controlled: Controlled, request: WireRequest): WireReply {
  const [name = '', ...rest] = request.path.slice(CONTROL_PREFIX.length).split('/');
  const route = ROUTES.get(`${request.method} ${name}`);
  if (route === undefined) return json(404, { error: `there is no ${request.method} ${request.path}` });
  const query = new URLSearchParams(request.query);
  try {
    const answer = route(controlled, { query, rest: rest.join('/'), body: parseBody(request.body) });
    if (Buffer.isBuffer(answer)) return reply(200, 'text/csv', answer);
    if (query.get('format') === 'ndjson' && Array.isArray(answer))
      return reply(200, 'application/x-ndjson', answer.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return json(200, answer ?? {});
  } catch (problem) {
    if (problem instanceof Fault) return json(400, { error: problem.message });
    throw problem;
  }
}

function listCalls({ calls }: Controlled, { query }: Asked): unknown {
  const { account, action, service } = Object.fromEntries(query);
  return calls
    .list(Number(query.get('since') ?? 0))
    .filter((call) => account === undefined || call.account === account)
    .filter((call) => action === undefined || call.action === action)
    .filter((call) => service === undefined || call.service === service);
}

function historyFilter(query: URLSearchParams): { readonly account?: string; readonly since: number } {
  const account = query.get('account');
  return { since: Number(query.get('since') ?? 0), ...(account === null ? {} : { account }) };
}

/** The list of all that were served (with `?all=1`: built), or the bytes of one by its digest. */
function getReports({ world }: Controlled, { query, rest }: Asked): unknown {
  if (rest !== '') {
    const found = world.reports.find((report) => report.sha256 === rest);
    if (found === undefined) throw new Fault('misconfigured', `there is no report ${rest}`);
    return found.bytes;
  }
  const account = query.get('account');
  return world.reports
    .filter((report) => report.served > 0 || query.has('all'))
    .filter((report) => account === null || report.account === account)
    .map(describeReport);
}

function describeReport(report: BuiltReport): unknown {
  return {
    account: report.account,
    generated_at: formatInstant(report.generatedAt),
    sha256: report.sha256,
    bytes: report.bytes.length,
    rows: report.rows,
    history_seq: report.historySeq,
    injected: report.injected,
    served: report.served,
  };
}

/** Without an account: of all accounts of AWS. */
function getActivity(controlled: Controlled, { query }: Asked): unknown {
  const wanted = query.get('account');
  const cloud = cloudOf(controlled, wanted);
  if (cloud !== undefined && wanted !== null) return cloud.activityOf(wanted);
  const accounts = [...controlled.world.accounts.values()].filter(({ id }) => wanted === null || id === wanted);
  return accounts.flatMap(activityOf);
}

function actAnywhere(controlled: Controlled, given: Readonly<Record<string, unknown>>): string {
  return cloudOf(controlled, given['account'])?.act(given) ?? act(controlled.world, parseActivity(given)).id;
}

function clockState(clock: SimulatedClock): unknown {
  return { now: formatInstant(clock.now()), offset_ms: clock.offsetMs };
}

function moveClock({ clock }: Controlled, { body }: Asked): unknown {
  const { advance_ms: advanceMs, now } = object(body);
  const instant = typeof now === 'string' ? parseInstant(now) : undefined;
  if (instant !== undefined) clock.set(instant);
  else if (typeof advanceMs === 'number' && Number.isFinite(advanceMs)) clock.advance(advanceMs);
  else throw new Fault('misconfigured', 'clock: say {"advance_ms": 1000} or {"now": "2026-11-20T09:00:00Z"}');
  return clockState(clock);
}

function changeIdentities(controlled: Controlled, body: unknown): unknown {
  const made = list(body).map((mutation) => {
    const given = object(mutation);
    return cloudOf(controlled, given['account'])?.mutate(given) ?? mutate(controlled.world, parseMutation(given));
  });
  return Array.isArray(body) ? made : made[0];
}

function changeOrganizations(controlled: Controlled, { body }: Asked): unknown {
  return list(body).map((one) => {
    const change = object(one);
    const named = controlled.clouds.find(({ name }) => name === change['cloud']);
    const cloud = named ?? cloudOf(controlled, change['account']);
    return cloud?.changeOrganization(change) ?? changeOrganization(controlled.world, change);
  });
}

/** The cloud beside AWS that has this account. */
function cloudOf({ clouds }: Controlled, account: unknown): SimulatedCloud | undefined {
  return typeof account === 'string' ? clouds.find((cloud) => cloud.has(account)) : undefined;
}

function setReport(controlled: Controlled, body: Readonly<Record<string, unknown>>): unknown {
  const { account, csv_base64: csv } = body;
  const cloud = cloudOf(controlled, account);
  if (cloud === undefined || typeof account !== 'string') return injectReport(controlled.world, body);
  const bytes = typeof csv === 'string' ? Buffer.from(csv, 'base64') : undefined;
  cloud.injectReport(account, bytes);
  return { bytes: bytes?.length ?? 0 };
}

function setPermissions(controlled: Controlled, body: Readonly<Record<string, unknown>>): unknown {
  const { account, principal } = body;
  const allow = allowOf(body['allow']);
  if (typeof principal !== 'string' || allow === undefined || (account !== undefined && typeof account !== 'string'))
    throw new Fault(
      'misconfigured',
      'permissions: say {"principal": "…", "allow": ["iam:ListUsers"], "*" or a policy}',
    );
  const asked = controlled.clouds.filter((cloud) => account === undefined || cloud.has(account));
  const changed = asked.reduce((sum, cloud) => sum + cloud.allow(account, principal, allow), 0);
  if (changed > 0 && account !== undefined) return { changed };
  if (changed > 0) return { changed: changed + allowThere(controlled.world, principal, allow) };
  return { changed: allowPrincipal(controlled.world, { account, principal, allow }) };
}

/** AWS may have no such principal, when another cloud has. */
function allowThere(world: World, principal: string, allow: Allow): number {
  try {
    return allowPrincipal(world, { account: undefined, principal, allow });
  } catch (problem) {
    if (problem instanceof Fault) return 0;
    throw problem;
  }
}

function allowOf(given: unknown): Allow | undefined {
  if (given === '*') return given;
  if (Array.isArray(given)) return given.every((action) => typeof action === 'string') ? given : undefined;
  return given === undefined || given === null ? undefined : readPolicy(given);
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Fault('misconfigured', 'the body is not JSON', { cause });
  }
}

function object(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null) throw new Fault('misconfigured', 'the body must be a JSON object');
  return given as Readonly<Record<string, unknown>>; // an object, as seen
}

function list(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

function json(status: number, body: unknown): WireReply {
  return reply(status, 'application/json', JSON.stringify(body));
}

function reply(status: number, type: string, body: Buffer | string): WireReply {
  return { kind: 'answer', status, headers: { 'content-type': type }, body };
}
