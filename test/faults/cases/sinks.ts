import { stat, truncate } from 'node:fs/promises';
import { type Bench, nextWindow } from '../bench.ts';
import { ageLock } from '../home.ts';
import { type Case, expectEnd, insist, onBench } from '../matrix.ts';
import { received, stopped } from './term.ts';

const COLLECT = ['collect', '--json'];

/** A receiver that lies, breaks off, is down or refuses; a disk that kept half a line. */
export function sinkCases(): readonly Case[] {
  return [
    webhookCase('webhook answers 302', 1, (bench) => {
      const elsewhere = { status: 302, headers: { location: bench.receiver.url.replace('/in', '/elsewhere') } };
      bench.receiver.behave(() => ({ refuse: elsewhere }));
    }),
    webhookCase('webhook answers 503', 1, (bench) => {
      bench.receiver.behave(() => ({ refuse: { status: 503 } }));
    }),
    webhookCase('webhook takes the first batch, then answers 503', 1, (bench) => {
      bench.receiver.behave((_ids, request) => (request === 1 ? 'take' : { refuse: { status: 503 } }));
    }),
    webhookCase('webhook takes everything and cuts the connection', 1, (bench) => {
      bench.receiver.behave(() => 'lose the answer');
    }),
    webhookCase('webhook takes everything and never answers', 1, (bench) => {
      bench.receiver.behave(() => 'hang after taking');
    }),
    { name: 'webhook is down for two reports', run: (stand) => onBench(stand, {}, twoBehind) },
    { name: 'webhook refuses one event for good', run: (stand) => onBench(stand, {}, oneRefused) },
    {
      name: 'webhook refuses one event, then is down for a while',
      run: (stand) => onBench(stand, {}, refusedThenDown),
    },
    { name: 'the last line is torn by a power cut', run: (stand) => onBench(stand, {}, tornLine) },
  ];
}

function webhookCase(name: string, code: number, misbehave: (bench: Bench) => void): Case {
  return {
    name,
    run: (stand) =>
      onBench(stand, {}, async (bench) => {
        misbehave(bench);
        expectEnd('the collect with a bad receiver', await bench.run(COLLECT), { code });
        await insist(bench, 'crashed');
        if (bench.receiver.strays() > 0) throw new Error('a redirect was followed');
        bench.receiver.behave(() => 'take');
        bench.later(60_000);
        expectEnd('the next collect', await bench.run(COLLECT), {});
        return insist(bench, 'recovered', 1);
      }),
  };
}

async function twoBehind(bench: Bench) {
  expectEnd('the first collect', await bench.run(COLLECT), {});
  bench.receiver.behave(() => ({ refuse: { status: 500 } }));
  nextWindow(bench);
  expectEnd('the second collect', await bench.run(COLLECT), { code: 1 });
  nextWindow(bench);
  expectEnd('the third collect', await bench.run(COLLECT), { code: 1 });
  await insist(bench, 'crashed');
  bench.receiver.behave(() => 'take');
  bench.later(60_000);
  expectEnd('the collect after it', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', 3);
}

/** The event that comes fifth is poison: it must end as a dead letter, and all others must arrive. */
async function oneRefused(bench: Bench) {
  let poison: string | undefined;
  bench.receiver.behave((ids) => {
    poison ??= ids[4];
    return ids.some((id) => id === poison) ? { refuse: { status: 400 } } : 'take';
  });
  expectEnd('the collect', await bench.run(COLLECT), { code: 1 });
  if (poison === undefined || bench.receiver.taken.has(poison)) throw new Error('nothing was refused');
  const letters = await bench.run(['dead-letters', 'list', '--json']);
  if (!letters.stdout.includes(poison)) throw new Error('dead-letters list does not know the refused event');
  return insist(bench, 'recovered', 1);
}

/** In one daemon: what was settled before the fault is not sent again, and the receipt counts all of it. */
async function refusedThenDown(bench: Bench) {
  let poison: string | undefined;
  let refusals = 0;
  bench.receiver.behave((ids) => {
    poison ??= ids[1];
    if (ids.some((id) => id === poison)) return { refuse: { status: 400 } };
    refusals += 1;
    return refusals > 3 && refusals < 6 ? { refuse: { status: 503 } } : 'take';
  });
  const daemon = bench.start(['run']);
  await received(bench, 1);
  await stopped(daemon);
  return insist(bench, 'recovered', 1);
}

/** Killed before fsync: the disk may have kept any beginning of what was written. */
async function tornLine(bench: Bench) {
  const killed = await bench.run(COLLECT, { failpoints: 'sink.file.appended@1=kill' });
  expectEnd('the process to kill', killed, { signal: 'SIGKILL' });
  await truncate(bench.home.events, (await stat(bench.home.events)).size - 7);
  await insist(bench, 'crashed');
  await ageLock(bench.home);
  expectEnd('the run after it', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', 1);
}
