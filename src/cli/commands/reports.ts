import { COLLECT_ONLY } from '../../domain/duties.ts';
import { type Command, type Io, UsageError } from '../io.ts';
import { lookInto, noMoreThan, type Session, withSession } from '../session.ts';
import { accept, bring, reject } from './reports-decide.ts';
import { type ReportsValues, reportsOptions } from './reports-options.ts';
import { cat, list, show } from './reports-read.ts';
import { verifyArchive } from './reports-verify.ts';

export const reports: Command = {
  summary: 'The archive: what it holds, whether it is whole, and what waits for a decision.',
  usage: `usage: muster reports list [SOURCE|ACCOUNT] [--quarantined] [--json]
       muster reports show SOURCE|ACCOUNT [NUMBER] [--json]      the manifest and the context; the newest when no number is given
       muster reports cat SOURCE|ACCOUNT [NUMBER] [PART]         the bytes as the cloud served them (report.csv)
       muster reports verify [--anchors EVENTS.ndjson]… [--json] walks every chain and every receipt; exit code 1 when something is wrong
       muster reports accept ID | reject ID                      decide about a report in quarantine
       muster reports import --account NAME --generated-at TIME FILE`,
  async run(argv, io) {
    const { values, positionals } = reportsOptions(argv);
    const [what, ...rest] = positionals;
    const { run, most, writes = false } = commandOf(what);
    noMoreThan(most, rest);
    const work = (session: Session) => run(session, io, rest, values);
    if (!writes) return lookInto(io, values.config, work);
    return withSession(io, values.config, work, undefined, true, COLLECT_ONLY);
  },
};

type Subcommand = (session: Session, io: Io, rest: readonly string[], values: ReportsValues) => Promise<number>;

interface Known {
  readonly run: Subcommand;
  /** How many words may follow it. */
  readonly most: number;
  /** Then the store is proven first. */
  readonly writes?: true;
}

function commandOf(what: string | undefined): Known {
  const known: Readonly<Record<string, Known>> = {
    list: { run: list, most: Number.POSITIVE_INFINITY },
    show: { run: show, most: 2 },
    cat: { run: cat, most: 3 },
    verify: { run: verifyArchive, most: 0 },
    accept: { run: accept, most: 1, writes: true },
    reject: { run: reject, most: 1, writes: true },
    import: { run: bring, most: 1, writes: true },
  };
  const found = what !== undefined && Object.hasOwn(known, what) ? known[what] : undefined;
  if (found === undefined) throw new UsageError(`say what: ${Object.keys(known).join(', ')}`);
  return found;
}
