import { type Command, type Io, UsageError } from '../io.ts';
import { withSession } from '../session.ts';
import { accept, importReport, reject } from './reports-decide.ts';
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
    return withSession(io, values.config, (session) => commandOf(what)(session, io, rest, values));
  },
};

type Subcommand = (
  session: Parameters<typeof list>[0],
  io: Io,
  rest: readonly string[],
  values: ReportsValues,
) => Promise<number>;

function commandOf(what: string | undefined): Subcommand {
  const known: Readonly<Record<string, Subcommand>> = {
    list,
    show,
    cat,
    verify: verifyArchive,
    accept,
    reject,
    import: importReport,
  };
  const found = what === undefined ? undefined : known[what];
  if (found === undefined) throw new UsageError(`say what: ${Object.keys(known).join(', ')}`);
  return found;
}
