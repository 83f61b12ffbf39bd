import { expect, test } from 'vitest';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { sourceName } from '../../domain/names.ts';
import type { Session } from '../session.ts';
import { type How, type Result, tellerOf } from './teller.ts';

const SESSION = { config: { sinks: [] } } as unknown as Session; // all that is looked at

test('what is well is told at once, and those that fail of one cause in one line at the end', async () => {
  const { during, out } = await told({ json: false, all: false });

  expect(during).toBe('well: report 1 archived\n');
  expect(out.slice(during.length)).toBe(
    'team-0, team-1, team-2 and 9 more: denied: sts:AssumeRole is denied; allow it\nodd: unreachable: account 9: no answer\n',
  );
});

test.each([
  { json: false, all: true },
  { json: true, all: false },
])('with %o each is told by itself, at once', async (how) => {
  const { during, out } = await told(how);

  expect(during).toBe(out);
  expect(out.trimEnd().split('\n')).toHaveLength(14);
});

async function told(how: How) {
  const io = cliIo('/', movableClock());
  const teller = tellerOf(SESSION, io, how);
  const denied = Array.from({ length: 12 }, (_, index) =>
    failed(`team-${index}`, `1000000000${index}`, 'denied: account ID: sts:AssumeRole is denied; allow it'),
  );
  const well = { name: 'well', source: sourceOf('1'), text: 'report 1 archived', failed: false };
  for (const one of [failed('odd', '9', 'unreachable: account ID: no answer'), ...denied, well]) await teller.tell(one);
  const during = io.said.out;
  await teller.end();
  return { during, out: io.said.out };
}

function failed(name: string, id: string, text: string): Result {
  return { name, source: sourceOf(id), text: text.replace('ID', id), failed: true };
}

function sourceOf(accountId: string) {
  return sourceName({ provider: 'aws', accountId, kind: 'credential-report' });
}
