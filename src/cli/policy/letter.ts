import type { ActionNote, PolicyDocument, PolicyNeeds, Provider } from '../../providers/provider.ts';
import { lineOf } from '../text.ts';
import { statementsIn } from './statements.ts';

const WIDTH = 100;

interface Clouded {
  readonly provider: Provider;
  readonly needs: PolicyNeeds;
  readonly documents: readonly PolicyDocument[];
}

/** One page for whoever owns the accounts: what is read, with which permission, what can never happen, and what each permission is worth. */
export function letter(clouds: readonly Clouded[]): string {
  return [
    'To the owners of our cloud accounts: what Muster asks for, and why',
    '',
    ...paragraph(
      'Muster keeps a record of the long-lived credentials in our clouds: users, passwords, access keys and second factors, how old they are and when they were last used. It asks each cloud for its own report every four hours, keeps it, and tells our SIEM what changed and what is wrong.',
    ),
    '',
    ...clouds.flatMap(section),
    'What it can never do',
    ...bullets([
      'create, change, enable, disable or delete anything: none of the permissions above writes (making a report is the one exception, and changes nothing else)',
      'see a password, a secret key or a token: no cloud shows them to anybody',
      'see data: no permission above reaches storage, databases, machines, networks, bills or logs',
      ...(clouds.every(isCutDown)
        ? [
            'do more than this with its role: each session is cut down to these permissions, whatever the role would allow',
          ]
        : []),
    ]),
    '',
    'How you can check that',
    ...bullets([
      'the policies are printed by "muster policy", and "muster policy CLOUD --diff FILE" compares them with what an account has',
      'its sessions are called "muster" in the audit log of your account, unless our configuration names them otherwise',
      'taking the role away ends its access at once; nothing else of yours depends on it',
    ]),
    '',
  ].join('\n');
}

/** Only of roles that are taken: what a key of a user may do is up to that user's policies. */
function isCutDown({ provider, needs }: Clouded): boolean {
  return needs.accounts.every(({ settings }) => provider.outline?.(settings).isCutDown === true);
}

function section({ provider, documents }: Clouded): readonly string[] {
  const accounts = notesOf(provider, documents, 'account');
  const hub = notesOf(provider, documents, 'hub');
  return [
    `${TITLES[provider.name] ?? provider.name}: what it reads, with which permission, and what is lost without it`,
    ...accounts.flatMap(worth),
    ...(hub.length === 0
      ? []
      : ['  In the one account from which it reaches the others, beside that:', ...hub.flatMap(worth)]),
    '',
  ];
}

const TITLES: Readonly<Record<string, string>> = { aws: 'AWS', alibaba: 'Alibaba Cloud', tencent: 'Tencent Cloud' };

/** Only actions that the emitted policies really have. */
function notesOf(
  { actions = [] }: Provider,
  documents: readonly PolicyDocument[],
  on: ActionNote['on'],
): readonly ActionNote[] {
  const names = on === 'account' ? /^account-policy/ : /^(?:hub|base)-policy/;
  const emitted = documents.filter(({ name }) => names.test(name)).flatMap(({ document }) => statementsIn(document));
  const given = new Set(emitted.flatMap((statement) => statement.actions));
  return actions.filter((note) => note.on === on && given.has(note.action.replace(/^name\//, '')));
}

function worth({ action, reads, without, elsewhere }: ActionNote): readonly string[] {
  const also = elsewhere === undefined ? '' : `; ${elsewhere.where}: ${elsewhere.words}`;
  return [`  ${action}`, ...wrapped(reads, '      '), ...wrapped(`without it: ${without.words}${also}`, '      ')];
}

function paragraph(text: string): readonly string[] {
  return wrapped(text, '');
}

function bullets(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => wrapped(`- ${text}`, '  '));
}

function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of lineOf(text).split(' ')) {
    const longer = line === indent ? `${indent}${word}` : `${line} ${word}`;
    if (longer.length > WIDTH && line !== indent) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}
