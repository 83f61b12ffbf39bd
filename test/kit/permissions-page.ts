import type { ActionNote, Loss, Provider } from '../../src/providers/provider.ts';

const TITLES: Readonly<Record<string, string>> = { aws: 'AWS', alibaba: 'Alibaba Cloud', tencent: 'Tencent Cloud' };

/** docs/permissions.md, from what each provider says of its actions. */
export function permissionsPage(providers: readonly Provider[]): string {
  return [
    '# Permissions',
    '',
    'Every action that `muster policy` can print, what it is for, and what is lost without it. This page is written by a test from the same tables that `muster policy`,',
    '`muster doctor` and the letter to account owners read (`actions.ts` of each provider); another takes each action away and sees just that happen.',
    '',
    '- **no report**: the collection fails, with a fault that names the action.',
    '- **said**: the report is kept, `not_visible` names what it does not show and the action, and `muster coverage` calls the account partial.',
    '- **warned**: a warning in the log names the action.',
    '',
    ...providers.flatMap(section),
  ].join('\n');
}

function section({ name, actions = [] }: Provider): readonly string[] {
  return [
    `## ${TITLES[name] ?? name}`,
    '',
    ...tableOf(
      'in each account',
      actions.filter(({ on }) => on === 'account'),
    ),
    ...tableOf(
      'of the hub, which takes the role in the accounts',
      actions.filter(({ on }) => on === 'hub'),
    ),
  ];
}

function tableOf(title: string, notes: readonly ActionNote[]): readonly string[] {
  return [
    `| action ${title} | for | without it |`,
    '|---|---|---|',
    ...notes.map(({ action, reads, without, elsewhere }) => {
      const also = elsewhere === undefined ? '' : `; ${elsewhere.where}: ${worded(elsewhere)}`;
      return `| \`${action}\` | ${reads} | ${worded(without)}${also} |`;
    }),
    '',
  ];
}

function worded({ shows, words }: Loss): string {
  switch (shows) {
    case 'not-visible':
      return `${words} (said)`;
    case 'warning':
      return `${words} (warned)`;
    case 'fault':
    case 'nothing':
      return words;
  }
}
