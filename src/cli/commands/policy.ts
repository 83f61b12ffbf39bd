import { resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { COLLECT_ONLY } from '../../domain/duties.ts';
import type { PolicyDocument, PolicyNeeds, Provider } from '../../providers/provider.ts';
import { providers } from '../../providers/registry.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { type Comparison, compared, readPolicyFile, readPresent } from '../policy/compare.ts';
import { letter } from '../policy/letter.ts';
import { type Chosen, isNamed, noDocument, show } from '../policy/show.ts';
import { options, readConfig } from '../session.ts';
import { jsonText, table } from '../text.ts';

const able = providers.filter((one) => one.policies !== undefined);
const forms = [...new Set(able.flatMap(({ rollouts = {} }) => Object.keys(rollouts)))];

export const policy: Command = {
  summary:
    'Print the least that Muster must be allowed for what the config enables: for the accounts, for who may take their role, and for the hub. Asks nobody.',
  usage: `usage: muster policy [PROVIDER] [--hub WHO] [--only NAME] [--format FORM] [--out DIR] [--config FILE]
       muster policy [PROVIDER] --diff PRESENT [WANTED] [--only NAME] [--json] [--config FILE]

  PROVIDER  ${able.map(({ name }) => name).join(', ')}; without it: every cloud of the config
  --hub     who takes the role in the accounts, as the trust policy names it (AWS: an ARN); a hub that is a role is known
  --only    one document alone, ready for the cloud's own command line: account-policy, account-trust, hub-policy, …
  --format  ${['json', ...forms, 'letter'].join(', ')}; letter: one page for the owners of the accounts
  --out     write each document to a file of its own in this folder
  --diff    a JSON file (or a folder of them) with the policy that an account has now: what it lacks, what it has too
            much, and what that costs; exit code 1 when they differ. With WANTED, another such file, no config is read.`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        diff: { type: 'string' },
        format: { type: 'string', default: 'json' },
        hub: { type: 'string' },
        json: { type: 'boolean' },
        only: { type: 'string' },
        out: { type: 'string' },
      },
    });
    const [first, ...rest] = positionals;
    const provider = able.find(({ name }) => name === first);
    const files = provider === undefined && first !== undefined ? positionals : rest;
    if (values.diff !== undefined) return diff({ ...values, diff: values.diff }, provider, files, io);
    if (files.length > 0) throw new UsageError(`say which: ${able.map(({ name }) => name).join(', ')}`);
    const config = await readConfig(io, values.config, COLLECT_ONLY);
    const written = writtenFor(config, provider, values.hub);
    if (values.format === 'letter')
      return show(
        [{ name: 'letter.txt', about: 'for the owners of the accounts', content: letter(written) }],
        values,
        io,
      );
    if (values.format !== 'json') return rollOut(values.format, written, values, io);
    return documentsOf(written, provider, values, io);
  },
};

interface Written {
  readonly provider: Provider;
  readonly needs: PolicyNeeds;
  readonly documents: readonly PolicyDocument[];
}

/** Of the cloud that was asked for, or of each that the config has. */
function writtenFor(config: Config, wanted: Provider | undefined, hub: string | undefined): readonly Written[] {
  const asked = able.filter((one) => wanted === one || (wanted === undefined && isIn(config, one)));
  if (hub !== undefined) refuseHub(hub, asked);
  return asked.map((provider) => {
    const needs: PolicyNeeds = {
      accounts: config.accounts.filter((account) => account.provider === provider.name),
      organizations: config.organizations.filter((organization) => organization.provider === provider.name),
      ...(hub === undefined ? {} : { hub }),
    };
    return { provider, needs, documents: provider.policies?.(needs) ?? [] };
  });
}

function isIn({ accounts, organizations }: Config, { name }: Provider): boolean {
  return [...accounts, ...organizations].some(({ provider }) => provider === name);
}

/** A trust policy with a principal of another cloud, or of none, is refused by the cloud at best. */
function refuseHub(hub: string, [one, ...others]: readonly Provider[]): void {
  if (one === undefined || others.length > 0)
    throw new UsageError(`say of which cloud the hub is: ${able.map(({ name }) => name).join(', ')}`);
  if (one.principal?.pattern.test(hub) === false)
    throw new UsageError(`--hub ${JSON.stringify(hub)} is no principal of ${one.name}: write ${one.principal.hint}`);
}

async function documentsOf(
  written: readonly Written[],
  wanted: Provider | undefined,
  chosen: Chosen,
  io: Io,
): Promise<number> {
  if (chosen.only !== undefined || chosen.out !== undefined) {
    const isOne = written.length === 1;
    const files = written.flatMap(({ provider, documents }) =>
      documents.map(({ name, about, document }) => ({
        name: `${isOne ? '' : `${provider.name}-`}${name}.json`,
        about,
        content: document,
      })),
    );
    return show(files, chosen, io);
  }
  const byProvider = Object.fromEntries(written.map((one) => [one.provider.name, withNotes(one)]));
  const [only] = Object.values(byProvider);
  await io.out(jsonText(wanted === undefined ? byProvider : (only ?? {}), 2));
  return DONE;
}

/** Each document, and what each of its actions is for and worth. */
function withNotes({ provider, documents }: Written) {
  return Object.fromEntries(
    documents.map(({ name, about, document }) => {
      const on = name.startsWith('account-') ? 'account' : 'hub';
      const text = JSON.stringify(document);
      const notes = (provider.actions ?? []).filter((note) => note.on === on && text.includes(`"${note.action}"`));
      const actions = notes.map(({ action, reads, without, elsewhere }) => ({
        action,
        reads,
        without: without.words,
        ...(elsewhere === undefined ? {} : { elsewhere: `${elsewhere.where}: ${elsewhere.words}` }),
      }));
      return [name, { about, document, ...(/-trust/.test(name) ? {} : { actions }) }];
    }),
  );
}

async function rollOut(format: string, written: readonly Written[], chosen: Chosen, io: Io): Promise<number> {
  if (!forms.includes(format))
    throw new UsageError(`there is no format ${JSON.stringify(format)}; there are: json, ${forms.join(', ')}, letter`);
  const files = written.flatMap(({ provider, needs }) => provider.rollouts?.[format]?.(needs) ?? []);
  if (files.length === 0)
    throw new UsageError(`nothing in this config is rolled out by ${format}: no role in an account of its cloud`);
  return show(files, chosen, io);
}

interface DiffOptions {
  readonly diff: string;
  readonly config?: string | undefined;
  readonly hub?: string | undefined;
  readonly json?: boolean | undefined;
  readonly only?: string | undefined;
}

async function diff(
  values: DiffOptions,
  provider: Provider | undefined,
  files: readonly string[],
  io: Io,
): Promise<number> {
  const [wantedFile, ...more] = files;
  if (more.length > 0) throw new UsageError(`--diff compares two files: ${more.join(' ')} is too much`);
  const present = await readPresent(resolve(io.cwd, values.diff));
  const comparisons =
    wantedFile === undefined
      ? await againstConfig(present, provider, values, io)
      : compared(
          present,
          [{ name: wantedFile, about: '', document: await readPolicyFile(resolve(io.cwd, wantedFile)) }],
          provider,
        );
  await io.out(values.json === true ? jsonText(comparisons) : inWords(comparisons));
  return comparisons.every((one) => one.differences.length === 0) ? DONE : FAILED;
}

async function againstConfig(
  present: ReadonlyMap<string, unknown>,
  provider: Provider | undefined,
  { config, hub, only }: DiffOptions,
  io: Io,
): Promise<readonly Comparison[]> {
  const written = writtenFor(await readConfig(io, config, COLLECT_ONLY), provider, hub);
  const [one, ...others] = written;
  if (one === undefined || others.length > 0)
    throw new UsageError(
      `say of which cloud the policy is: ${written.map((each) => each.provider.name).join(', ') || 'the config has none'}`,
    );
  const documents = one.documents.filter(({ name }) => isNamed(name, only));
  if (documents.length === 0) throw noDocument(only, one.documents);
  return compared(present, documents, one.provider);
}

function inWords(comparisons: readonly Comparison[]): string {
  return comparisons
    .map(({ file, document, differences }) => {
      const title = `${file} against ${document}: `;
      if (differences.length === 0) return `${title}nothing is missing, nothing is too much\n`;
      const rows = differences.map(({ is, what, costs }) => [is === 'lacks' ? 'lacks' : 'too much', what, costs ?? '']);
      return `${title}${differences.length} differences\n${table(['', 'WHAT', 'COSTS'], rows)}`;
    })
    .join('\n');
}
