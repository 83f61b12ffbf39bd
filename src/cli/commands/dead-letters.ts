import type { DeadLetter } from '../../archive/port.ts';
import { DELIVER_ONLY, NO_DUTIES } from '../../domain/duties.ts';
import { parseSinkName } from '../../domain/names.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { options, type Session, withSession } from '../session.ts';
import { jsonText, lineOf, table } from '../text.ts';
import { outletNamed, patiently } from './replay.ts';

const USAGE = `usage: muster dead-letters list [--sink SINK] [--json]
       muster dead-letters show ID
       muster dead-letters retry ID… | --all [--sink SINK]
       muster dead-letters drop ID… | --all [--sink SINK]`;

interface Values {
  readonly sink?: string | undefined;
  readonly json?: boolean | undefined;
  readonly all?: boolean | undefined;
}

export const deadLetters: Command = {
  summary: 'Events that a sink refused for good: look at them, send them again, or drop them.',
  usage: USAGE,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        sink: { type: 'string' },
        json: { type: 'boolean' },
        all: { type: 'boolean' },
      },
    });
    const [what, ...ids] = positionals;
    const writes = what === 'retry' || what === 'drop';
    return withSession(
      io,
      values.config,
      (session) => act(session, io, what, ids, values),
      undefined,
      writes,
      what === 'retry' ? DELIVER_ONLY : NO_DUTIES,
    );
  },
};

async function act(
  session: Session,
  io: Io,
  what: string | undefined,
  ids: readonly string[],
  values: Values,
): Promise<number> {
  switch (what) {
    case 'list':
      return list(session, io, values);
    case 'show':
      for (const letter of await chosen(session, ids, values)) await io.out(jsonText(letter, 2));
      return DONE;
    case 'retry':
      return retry(session, io, await chosen(session, ids, values));
    case 'drop':
      for (const letter of await chosen(session, ids, values))
        await session.archive.settle(letter, 'dropped', io.clock.now());
      return DONE;
    default:
      throw new UsageError('say what: list, show, retry or drop');
  }
}

async function letters({ archive }: Session, { sink }: Values): Promise<readonly DeadLetter[]> {
  const name = sink === undefined ? undefined : parseSinkName(sink);
  if (sink !== undefined && name === undefined) throw new UsageError(`${JSON.stringify(sink)} is not a sink's name`);
  const all: DeadLetter[] = [];
  for await (const letter of archive.deadLetters(name)) all.push(letter);
  return all;
}

async function list(session: Session, io: Io, values: Values): Promise<number> {
  const all = await letters(session, values);
  if (values.json === true) await io.out(jsonText(all));
  else if (all.length === 0) await io.out('there are no dead letters\n');
  else
    await io.out(
      table(
        ['ID', 'SINK', 'SOURCE', 'REPORT', 'REJECTED', 'REASON'],
        all.map((one) => [one.id, one.sink, one.source, String(one.number), one.rejected_at, one.reason]),
      ),
    );
  return DONE;
}

async function chosen(session: Session, ids: readonly string[], values: Values): Promise<readonly DeadLetter[]> {
  const all = await letters(session, values);
  if (values.all === true) return all;
  if (ids.length === 0) throw new UsageError('say which ids, or --all');
  return ids.map((id) => {
    const letter = all.find((one) => one.id === id);
    if (letter === undefined) throw new UsageError(`there is no dead letter ${JSON.stringify(id)}`);
    return letter;
  });
}

async function retry(session: Session, io: Io, chosenLetters: readonly DeadLetter[]): Promise<number> {
  let refused = 0;
  for (const letter of chosenLetters) {
    const sink = await outletNamed(session, letter.sink).open();
    const refusals = await patiently(io, async () => {
      const outcome = await sink.send([{ id: letter.event_id, text: letter.payload }], io.signal);
      if (outcome.retry !== undefined) throw outcome.retry.fault;
      for (const { reason } of outcome.rejected) io.err(`${letter.id}: refused again: ${lineOf(reason)}\n`);
      return outcome.rejected.length;
    });
    refused += refusals;
    if (refusals === 0) await session.archive.settle(letter, 'retried', io.clock.now());
  }
  return refused === 0 ? DONE : FAILED;
}
