import { probeStore } from '../../archive/probe.ts';
import type { Account } from '../../domain/account.ts';
import { collectsFrom } from '../../domain/duties.ts';
import { Fault } from '../../domain/fault.ts';
import { sourceName } from '../../domain/names.ts';
import type { Organization } from '../../domain/organization.ts';
import { concurrently } from '../../kit/concurrently.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { nameOf } from '../../pipeline/member-lists.ts';
import { type Outlet } from '../../pipeline/stage.ts';
import { dropFoldersToExamine } from '../dropped.ts';
import { DUTY_OPTIONS, DUTY_USAGE, dutiesOf } from '../duties.ts';
import { type Command, DONE, FAILED, type Io } from '../io.ts';
import { options, type Session, withSession } from '../session.ts';
import { ago, jsonText, lineOf, table } from '../text.ts';
import { tryQueue } from './doctor-queue.ts';

const AT_ONCE = 8;
const DEADLINE_MS = 30_000;

interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly text: string;
}

export const doctor: Command = {
  summary:
    'Try everything that the config names: the archive, the queue, each account (whose credentials, what they may do), each sink.',
  usage: `usage: muster doctor [--only collect [--provider NAME]… | --only deliver] [--config FILE] [--json]

${DUTY_USAGE}
  exit code 1 when something is wrong`,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: { config: { type: 'string' }, json: { type: 'boolean' }, ...DUTY_OPTIONS },
    });
    const duties = dutiesOf(values);
    const work = async (session: Session) => {
      const findings = [
        await examine(
          'archive',
          io,
          async () => `${session.store.name}: refuses a second create`,
          () => probeStore(session.store),
        ),
      ];
      const isAsked = ({ provider }: { readonly provider: string }) => collectsFrom(duties, provider);
      const examinations = [
        ...(session.config.queue.type === 'redis' ? [() => examineQueue(session, io)] : []),
        ...session.stage.organizations.filter(isAsked).map((one) => () => examineOrganization(one, session, io)),
        ...(await knownAccounts(session.stage))
          .filter(isAsked)
          .map((account) => () => examineAccount(account, session, io)),
        ...dropFoldersToExamine(session).map(({ about, inWords, attempt }) => async () => [
          await examine(about, io, inWords, attempt),
        ]),
        ...(duties.delivers ? session.stage.outlets : []).map((outlet) => () => examineSink(outlet, io)),
      ];
      await concurrently(examinations, AT_ONCE, async (examination) => {
        io.progress(`${findings.length} of ${examinations.length + 1} examined\n`);
        findings.push(...(await examination()));
      });
      findings.sort((a, b) => Number(a.ok) - Number(b.ok) || (a.about < b.about ? -1 : 1));
      await io.out(
        values.json === true
          ? jsonText(findings)
          : table(
              ['', 'ABOUT', ''],
              findings.map(({ ok, about, text }) => [ok ? 'ok' : 'WRONG', about, text]),
            ),
      );
      return findings.every(({ ok }) => ok) ? DONE : FAILED;
    };
    return withSession(io, values.config, work, undefined, false, duties);
  },
};

async function examine(
  about: string,
  io: Io,
  inWords: () => Promise<string>,
  attempt: (signal: AbortSignal) => Promise<void>,
): Promise<Finding> {
  try {
    await attempt(AbortSignal.any([io.signal, AbortSignal.timeout(DEADLINE_MS)]));
    return { about, ok: true, text: await inWords() };
  } catch (error) {
    if (error instanceof Fault) return { about, ok: false, text: `${error.kind}: ${lineOf(error.message)}` };
    if (error instanceof Error && error.name === 'TimeoutError')
      return { about, ok: false, text: `unreachable: no answer within ${DEADLINE_MS / 1_000} s` };
    throw error;
  }
}

async function examineOrganization(
  organization: Organization,
  { stage }: Session,
  io: Io,
): Promise<readonly Finding[]> {
  let words = '';
  const list = async (signal: AbortSignal) => {
    const members = await (await stage.directory(organization)).list(signal);
    words = `lists ${members.length} accounts`;
  };
  return [await examine(nameOf(organization), io, async () => words, list)];
}

async function examineAccount(account: Account, { stage }: Session, io: Io): Promise<readonly Finding[]> {
  const about = `account ${account.name}`;
  let words = '';
  const missing: Finding[] = [];
  const whole = await examine(
    about,
    io,
    async () => words,
    async (signal) => {
      const connection = await stage.connection(account);
      const { accountId, principal } = await connection.identify(signal);
      if (accountId !== account.id) {
        throw new Fault(
          'misconfigured',
          `its credentials belong to account ${accountId} (${principal}), not to ${account.id}: mend auth or account_id`,
        );
      }
      for (const { permission, needed, problem } of await connection.probe(signal)) {
        if (problem !== undefined)
          missing.push({
            about,
            ok: !needed,
            text: `${permission}: ${problem}${needed ? '' : ' (optional: the report goes without)'}`,
          });
      }
      words = `${principal}${await ageOf(account, stage.archive, io)}`;
    },
  );
  return [whole, ...missing];
}

async function ageOf(account: Account, archive: Session['archive'], io: Io): Promise<string> {
  const ages: string[] = [];
  for (const kind of Object.keys(account.reports)) {
    const head = await archive.head(sourceName({ provider: account.provider, accountId: account.id, kind }));
    ages.push(
      head === undefined ? `no ${kind} yet` : `${kind} ${head.number} is ${ago(io.clock.now() - head.generatedAt)} old`,
    );
  }
  return ages.length === 0 ? '' : `; ${ages.join(', ')}`;
}

async function examineQueue({ config }: Session, io: Io): Promise<readonly Finding[]> {
  let words = '';
  const attempt = async () => {
    words = await tryQueue(config, io);
  };
  return [await examine('queue', io, async () => words, attempt)];
}

async function examineSink(outlet: Outlet, io: Io): Promise<readonly Finding[]> {
  const attempt = async (signal: AbortSignal) => (await outlet.open()).check(signal);
  return [await examine(`sink ${outlet.name}`, io, async () => outlet.target, attempt)];
}
