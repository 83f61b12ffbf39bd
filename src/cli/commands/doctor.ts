import type { JobState } from '../../archive/port.ts';
import { probeStore } from '../../archive/probe.ts';
import { collectsFrom, type Duties } from '../../domain/duties.ts';
import { Fault } from '../../domain/fault.ts';
import type { Organization } from '../../domain/organization.ts';
import { concurrently } from '../../kit/concurrently.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { nameOf } from '../../pipeline/member-lists.ts';
import type { Outlet, Stage } from '../../pipeline/stage.ts';
import { sinkState } from '../../pipeline/state.ts';
import { examineAccount } from '../doctor/account.ts';
import { type Finding, grouped, type Told, tried } from '../doctor/finding.ts';
import { examineOwnKeys } from '../doctor/own-keys.ts';
import { dropFoldersToExamine } from '../dropped.ts';
import { DUTY_OPTIONS, DUTY_USAGE, dutiesOf } from '../duties.ts';
import { idleExceptions, idleExclusions } from '../idle-exceptions.ts';
import { type Command, DONE, FAILED, type Io } from '../io.ts';
import { noMoreThan, options, type Session, warningsTo, withSession } from '../session.ts';
import { hanging, jsonText } from '../text.ts';
import { tryQueue } from './doctor-queue.ts';

const AT_ONCE = 8;
const DEADLINE_MS = 30_000;
/** More accounts that are well are counted, not listed. */
const MOST_WELL = 20;
const INDENT = 'WRONG  '.length;

export const doctor: Command = {
  summary:
    'Try everything that the config names: the archive, the queue, each account (whose credentials, what they may do, the clock, the age of reports), each sink.',
  usage: `usage: muster doctor [--all] [--json] [--only collect [--provider NAME]… | --only deliver] [--config FILE]     exit code 1 when something is wrong

${DUTY_USAGE}

  One line for each trouble, however many accounts have it, with what to do next. --all lists every account that is well.`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: { all: { type: 'boolean' }, config: { type: 'string' }, json: { type: 'boolean' }, ...DUTY_OPTIONS },
    });
    noMoreThan(0, positionals);
    const duties = dutiesOf(values);
    const work = async (session: Session) => {
      const told = grouped(await examine(session, duties, io));
      await io.out(values.json === true ? jsonText(told) : inWords(told, values.all === true));
      return told.every(({ ok }) => ok) ? DONE : FAILED;
    };
    return withSession(io, values.config, work, warningsTo(io), false, duties);
  },
};

async function examine(session: Session, duties: Duties, io: Io): Promise<readonly Finding[]> {
  const { stage, store } = session;
  const archive = async () => {
    await probeStore(store);
    return `${store.name}: refuses a second create`;
  };
  const findings: Finding[] = [await tried('archive', archive, DEADLINE_MS)];
  const isAsked = ({ provider }: { readonly provider: string }) => collectsFrom(duties, provider);
  const accounts = (await knownAccounts(stage)).filter(isAsked);
  const signalOf = () => AbortSignal.any([io.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const examinations = [
    ...(session.config.queue.type === 'redis' ? [() => examineQueue(session, io)] : []),
    ...stage.organizations.filter(isAsked).map((one) => () => examineOrganization(one, session, signalOf)),
    ...accounts.map((account) => () => examineAccount(account, stage, signalOf, DEADLINE_MS)),
    ...dropFoldersToExamine(session).map(({ about, attempt }) => async () => [
      await tried(about, attempt, DEADLINE_MS),
    ]),
    ...(duties.delivers ? stage.outlets : []).map((outlet) => () => examineSink(outlet, session, signalOf)),
  ];
  await concurrently(examinations, AT_ONCE, async (examination) => {
    io.progress(`${findings.length} of ${examinations.length + 1} examined\n`);
    findings.push(...(await examination()));
  });
  return [...findings, ...(await examineOwnKeys(accounts, stage)), ...(await examineIdle(stage))];
}

async function examineOrganization(
  organization: Organization,
  { stage }: Session,
  signalOf: () => AbortSignal,
): Promise<readonly Finding[]> {
  const list = async () => {
    const members = await (await stage.directory(organization)).list(signalOf());
    return `lists ${members.length} accounts`;
  };
  return [await tried(nameOf(organization), list, DEADLINE_MS)];
}

async function examineIdle(stage: Stage): Promise<readonly Finding[]> {
  const idle = [...(await idleExceptions(stage)), ...(await idleExclusions(stage))];
  return idle.map(({ about, why }) => ({
    about,
    ok: true,
    text: `counts for nobody: ${why}`,
    next: 'correct it in the config, or remove it',
    cause: why,
  }));
}

async function examineQueue({ config }: Session, io: Io): Promise<readonly Finding[]> {
  return [await tried('queue', () => tryQueue(config, io), DEADLINE_MS)];
}

/** A sink may be reached and take nothing: what its last delivery met counts, until one gets through. */
async function examineSink(
  outlet: Outlet,
  { archive }: Session,
  signalOf: () => AbortSignal,
): Promise<readonly Finding[]> {
  const check = async () => {
    await (await outlet.open()).check(signalOf());
    const state = (await archive.series<JobState>(sinkState(outlet.name)).latest())?.value;
    if (state?.fault !== undefined) throw new Fault(state.fault, `held since ${state.since}: ${state.message}`);
    const letters = await archive.deadLetterCount(outlet.name);
    return letters === 0 ? outlet.target : `${outlet.target}; dead letters: ${letters} (muster dead-letters list)`;
  };
  return [await tried(`sink ${outlet.name}`, check, DEADLINE_MS)];
}

function inWords(told: readonly Told[], isAll: boolean): string {
  const isWell = ({ ok, next, accounts }: Told) => ok && next === undefined && accounts !== undefined;
  const well = told.filter(isWell);
  const shown = isAll || well.length <= MOST_WELL ? told : told.filter((one) => !isWell(one));
  const rest = shown.length === told.length ? '' : `${well.length} accounts are well; --all lists them\n`;
  return `${shown.map(paragraphOf).join('')}${rest}`;
}

function paragraphOf(one: Told): string {
  const what = hanging(wordOf(one).padEnd(INDENT), `${one.about}: ${one.text}`);
  return one.next === undefined ? what : `${what}${hanging(`${' '.repeat(INDENT)}next: `, one.next)}`;
}

/** Wrong: a person must act. A note: something optional is missing. */
function wordOf({ ok, next }: Told): string {
  if (!ok) return 'WRONG';
  return next === undefined ? 'ok' : 'note';
}
