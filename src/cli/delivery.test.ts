import { expect, test } from 'vitest';
import { cliIo } from '../../test/kit/cli-io.ts';
import { archiveOf, lettersOf, MANY, OTHERS, refusesAll, refusingStage, splitBy } from '../../test/kit/refusing.ts';
import { AWS_SOURCE } from '../../test/kit/stage.ts';
import { deliveryOf } from './delivery.ts';
import type { Session } from './session.ts';

test('a sink that refuses the events of three sources is left alone, and that is one line', async () => {
  const given = await refusingStage(refusesAll);
  for (const source of OTHERS) await archiveOf(given, source, MANY);

  const { failures, err } = await delivered(given, [AWS_SOURCE, ...OTHERS]);

  expect(failures).toBe(3);
  expect(err).toMatch(
    /^sink siem: misconfigured: it refuses every event .* what is archived goes out at the next run\n$/,
  );
  expect(await lettersOf(given)).toEqual([]);
});

test('where the sink takes what another source has, the refused events are dead letters in the same run', async () => {
  const given = await refusingStage((batch) => splitBy(batch, ({ text }) => !text.includes(AWS_SOURCE)));
  for (const source of OTHERS) await archiveOf(given, source, ['ann']);

  const { failures } = await delivered(given, [AWS_SOURCE, ...OTHERS, AWS_SOURCE]);

  expect(failures).toBe(1);
  expect(given.received.length).toBeGreaterThan(0);
  const letters = await lettersOf(given);
  expect(letters.length).toBeGreaterThan(MANY.length);
  expect(letters.every(({ source }) => source === AWS_SOURCE)).toBe(true);
});

async function delivered(given: Awaited<ReturnType<typeof refusingStage>>, sources: readonly (typeof AWS_SOURCE)[]) {
  const io = cliIo('/', given.clock);
  const delivery = deliveryOf({ stage: given.stage } as Session, io);
  for (const source of sources) await delivery.of(source);
  return { failures: delivery.failures(), err: io.said.err };
}
