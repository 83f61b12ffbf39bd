import type { Findings, OpenFinding } from '../../domain/finding.ts';
import { formatInstant } from '../../domain/instant.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { FINDINGS_PART } from '../../domain/report.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { type Command, DONE } from '../io.ts';
import { lookInto, oneOf, options, pickSources, registries, type Session } from '../session.ts';
import { jsonText, table } from '../text.ts';

const ORDER: readonly string[] = ['critical', 'high', 'medium', 'low', 'informational'];

interface Row extends OpenFinding {
  readonly source: SourceName;
  readonly account: string;
  readonly generated_at: string;
}

export const findings: Command = {
  summary: 'What is wrong now, as the newest report of each source was judged.',
  usage: 'usage: muster findings [--source SOURCE|ACCOUNT]… [--check ID] [--severity S] [--config FILE] [--json]',
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        check: { type: 'string' },
        severity: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    oneOf('--severity', values.severity, ORDER);
    oneOf(
      '--check',
      values.check,
      registries.checks.map(({ id }) => id),
    );
    return lookInto(io, values.config, async (session) => {
      const rows: Row[] = [];
      for (const source of await pickSources(session, values.source)) {
        io.progress(`reading ${source}\n`);
        rows.push(...(await openIn(session, source)));
      }
      const wanted = rows
        .filter(
          ({ check, severity }) => check === (values.check ?? check) && severity === (values.severity ?? severity),
        )
        .toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || (a.since < b.since ? -1 : 1));
      await io.out(values.json === true ? jsonText(wanted) : inWords(wanted));
      return DONE;
    });
  },
};

async function openIn({ archive, stage }: Session, source: SourceName): Promise<readonly Row[]> {
  const head = await archive.head(source);
  if (head === undefined) return [];
  const bytes = (await archive.parts(head, [FINDINGS_PART])).get(FINDINGS_PART);
  if (bytes === undefined) return [];
  const { accountId, provider } = splitSource(source);
  const account =
    (await knownAccounts(stage)).find(({ id, provider: of }) => id === accountId && of === provider)?.name ?? accountId;
  const { open } = JSON.parse(new TextDecoder().decode(bytes)) as Findings; // our own part, its digest was checked
  return open.map((finding) => ({ ...finding, source, account, generated_at: formatInstant(head.generatedAt) }));
}

function inWords(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nothing is open\n';
  const cells = rows.map(({ severity, check, account, identity, credential, status, since }) => [
    severity,
    check,
    account,
    identity.name,
    credential?.id ?? credential?.created_at ?? '-',
    status,
    since,
  ]);
  return table(['SEVERITY', 'CHECK', 'ACCOUNT', 'IDENTITY', 'CREDENTIAL', 'STATUS', 'OPEN SINCE'], cells);
}
