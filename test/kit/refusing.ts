import type { DeadLetter } from '../../src/archive/port.ts';
import type { Account } from '../../src/domain/account.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collectOnce } from '../../src/pipeline/collect.ts';
import { configuredSources } from '../../src/pipeline/stage.ts';
import type { Encoded, SendOutcome } from '../../src/sinks/sink.ts';
import { ACCOUNT, AWS_SOURCE, csvOf, rawReport, type TestStage, testStage } from './stage.ts';

const calm = new AbortController().signal;
/** Sources beside the usual one. */
export const OTHERS = ['222222222222', '333333333333', '444444444444', '555555555555'].map((accountId) =>
  sourceName({ provider: 'aws', accountId, kind: 'credential-report' }),
);
export const MANY = Array.from({ length: 20 }, (_, index) => `user-${index}`);

/** A stage whose sink takes what it is told to take. */
export interface RefusingStage extends TestStage {
  readonly sink: { takes: (batch: readonly Encoded[]) => SendOutcome };
}

export async function refusingStage(
  takes: RefusingStage['sink']['takes'],
  users: readonly string[] = MANY,
): Promise<RefusingStage> {
  const bare = testStage();
  const sink = { takes };
  const [outlet] = bare.stage.outlets;
  const [account] = bare.stage.accounts;
  if (outlet === undefined || account === undefined) throw new Error('the kit is broken');
  const open = async () => ({
    ...(await outlet.open()),
    send: async (batch: readonly Encoded[]) => {
      bare.answers.push(sink.takes);
      return (await outlet.open()).send(batch, calm);
    },
  });
  const others = OTHERS.map((source): Account => {
    const id = source.split('/')[1] ?? '';
    return { ...account, id, name: `other-${id}` };
  });
  const stage = { ...bare.stage, accounts: [account, ...others], outlets: [{ ...outlet, open }] };
  const given = Object.assign(bare, { stage, sink });
  await archiveOf(given, AWS_SOURCE, users);
  return given;
}

export async function archiveOf(given: RefusingStage, source: SourceName, users: readonly string[]): Promise<void> {
  const target = configuredSources(given.stage.accounts).find((one) => one.source === source);
  if (target === undefined) throw new Error(`the stage has no ${source}`);
  const { id } = target.account;
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(users).replaceAll(ACCOUNT, id)) });
  given.identity = { ...given.identity, accountId: id };
  await collectOnce(target, given.stage, calm, undefined, { early: true });
}

export async function lettersOf({ stage }: RefusingStage): Promise<readonly DeadLetter[]> {
  const all: DeadLetter[] = [];
  for await (const letter of stage.archive.deadLetters()) all.push(letter);
  return all;
}

export function takesAll(batch: readonly Encoded[]): SendOutcome {
  return { delivered: batch, rejected: [] };
}

export function refusesAll(batch: readonly Encoded[]): SendOutcome {
  return splitBy(batch, () => false);
}

export function splitBy(batch: readonly Encoded[], isTaken: (event: Encoded) => boolean): SendOutcome {
  const refused = batch.filter((event) => !isTaken(event));
  return { delivered: batch.filter(isTaken), rejected: refused.map((item) => ({ item, reason: 'answered 400: no' })) };
}
