import { join, relative, resolve } from 'node:path';
import { runDaemon } from '../../daemon/run.ts';
import type { Happening } from '../../domain/happening.ts';
import { formatInstant } from '../../domain/instant.ts';
import { parseSourceName, type SourceName } from '../../domain/names.ts';
import { countInWords } from '../../domain/report.ts';
import { step } from '../../simulator/aws/step.ts';
import { seededRandom } from '../../simulator/random.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { stepBesideAws } from '../demo/clouds.ts';
import { writeDemoFolder } from '../demo/folder.ts';
import { type KeyLife, startKeyLife } from '../demo/key-life.ts';
import { tally } from '../demo/tally.ts';
import { type Command, DONE, FAILED, type Io } from '../io.ts';
import { options, readConfig, withSession } from '../session.ts';
import { cleanText } from '../text.ts';
import { eventsOf } from './events.ts';
import { who } from './who.ts';

const EVERY_MS = 4_000;
const BUILD_MS = 300;
const LIFE_MS = 300;
const DEADLINE_MS = 90_000;
const REPORTS_WANTED = 2;

export const demo: Command = {
  summary:
    'Start a simulated cloud with a cadence of seconds, let users and keys come and go, and run the real daemon on it.',
  usage: `usage: muster demo [--once] [--dir DIR]

  --once  end by itself after two reports of every account; the last line is JSON
  --dir   where muster.yaml, archive/ and events.ndjson are left (a new folder under ./muster-demo)`,
  async run(argv, io) {
    const { values } = options({ args: [...argv], options: { once: { type: 'boolean' }, dir: { type: 'string' } } });
    const began = performance.now();
    const folder = resolve(
      io.cwd,
      values.dir ?? join('muster-demo', formatInstant(io.clock.now()).replaceAll(':', '-')),
    );
    const simulator = await startSimulator({
      clock: io.clock,
      accounts: 3,
      organization: { members: 2 },
      alibaba: { accounts: 1, usersPerAccount: 6 },
      tencent: { accounts: 1, usersPerAccount: 6 },
      usersPerAccount: 8,
      cacheWindowMs: EVERY_MS,
      buildMs: BUILD_MS,
    });
    try {
      const life = startKeyLife(simulator);
      const file = await writeDemoFolder(folder, simulator, EVERY_MS, life.accountId);
      await io.out(
        `simulated clouds are on ${simulator.url}: ${simulator.accounts.length} AWS accounts (two of them in an organization), one of Alibaba Cloud and one of Tencent Cloud; everything is kept in ${folder}\n\n`,
      );
      const show = new Show(io, file, life);
      const isDone = await live(simulator, show, io, values.once === true);
      await show.ended();
      return await epilogue(folder, show, io, isDone, values.once === true, began);
    } finally {
      await simulator.close();
    }
  },
};

/** Runs the daemon until two reports of every account are delivered (`--once`), or until it is stopped. */
async function live(simulator: Simulator, show: Show, io: Io, once: boolean): Promise<boolean> {
  const daemon = await runDaemon(await readConfig(io, show.file), {
    clock: io.clock,
    observe: (happening) => show.happened(happening),
  });
  const random = seededRandom(7, 'demo');
  const days = setInterval(
    () => (random.chance(0.2) ? stepBesideAws(simulator, random) : step(simulator.world, random, show.life.owner)),
    LIFE_MS,
  );
  const accounts = simulator.accounts.length + simulator.clouds.length;
  const stop = once ? AbortSignal.any([io.signal, AbortSignal.timeout(DEADLINE_MS)]) : io.signal;
  await new Promise((done) => {
    stop.addEventListener('abort', done, { once: true });
    show.onDelivered = () => {
      if (once && show.hasAll(accounts)) done(undefined);
    };
  });
  clearInterval(days);
  await daemon.stop('the demo is over');
  return show.hasAll(accounts);
}

/** Says on the terminal what is happening, and counts. */
class Show {
  readonly reports = new Map<SourceName, number>();
  readonly delivered = new Map<string, number>();
  readonly file: string;
  readonly life: KeyLife;
  onDelivered: () => void = () => undefined;
  readonly #io: Io;
  #last: Promise<void> = Promise.resolve();

  constructor(io: Io, file: string, life: KeyLife) {
    this.#io = io;
    this.file = file;
    this.life = life;
  }

  happened(happening: Happening): void {
    this.life.happened(happening);
    if (happening.kind === 'archived') this.#archived(happening);
    if (happening.kind === 'delivered') {
      this.delivered.set(happening.source, Math.max(happening.number, this.delivered.get(happening.source) ?? 0));
      this.onDelivered();
    }
    if (happening.kind === 'fault') this.#say(`${happening.subject}: ${happening.fault}: ${happening.message}`);
    if (happening.kind === 'quarantined') this.#say(`${happening.source}: quarantined: ${happening.reason}`);
  }

  hasAll(accounts: number): boolean {
    const complete = [...this.delivered].filter(
      ([source, number]) => source.endsWith('/credential-report') && number >= REPORTS_WANTED,
    );
    return complete.length >= accounts && this.life.isTold(this.delivered);
  }

  async ended(): Promise<void> {
    await this.#last;
  }

  #archived({ source, number, rows, generatedAt, sha256 }: Extract<Happening, { kind: 'archived' }>): void {
    const name = parseSourceName(source);
    if (name === undefined) return;
    this.reports.set(name, (this.reports.get(name) ?? 0) + 1);
    this.#last = this.#follow(async () => {
      await this.#io.out(
        `${source}  report ${number}: ${countInWords(name, rows)}, generated ${generatedAt}, sha256 ${sha256.slice(0, 12)}…\n`,
      );
      if (number > 1) await this.#changes(name, number);
    });
  }

  /** Read back from the archive, as any command would. */
  async #changes(source: SourceName, number: number): Promise<void> {
    await withSession(this.#io, this.file, async ({ archive, stage }) => {
      const entry = await archive.entry(source, number);
      for (const { event } of entry === undefined ? [] : await eventsOf(stage, entry)) {
        if (event.kind === 'change' || event.type === 'finding.opened' || event.type === 'finding.closed') {
          await this.#io.out(`    ${event.type.padEnd(24)} ${cleanText(event.message)}\n`);
        }
      }
    });
  }

  /** What is shown keeps its order. */
  async #follow(show: () => Promise<void>): Promise<void> {
    await this.#last;
    await show();
  }

  #say(text: string): void {
    this.#last = this.#follow(() => this.#io.out(`${cleanText(text)}\n`));
  }
}

async function epilogue(
  folder: string,
  show: Show,
  io: Io,
  isDone: boolean,
  once: boolean,
  began: number,
): Promise<number> {
  if (once && !isDone) {
    io.err('muster demo: not every account came to two reports; what happened is above\n');
    return FAILED;
  }
  const config = relative(io.cwd, show.file) || show.file;
  if (show.life.isTold(show.delivered)) {
    await io.out(`\nthe life of one key, as muster who ${show.life.keyId} tells it:\n\n`);
    await who.run([show.life.keyId, '--config', show.file], io);
  }
  await io.out(`\nit is all in ${folder}; look around:
  node dist/cli/main.js status --config ${config}
  node dist/cli/main.js findings --config ${config}
  node dist/cli/main.js events --kind change --config ${config}
  node dist/cli/main.js who ${show.life.keyId} --config ${config}
  node dist/cli/main.js reports verify --anchors ${relative(io.cwd, join(folder, 'events.ndjson'))} --config ${config}\n`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (once) await io.out(`${JSON.stringify(await tally(show.reports, join(folder, 'events.ndjson'), seconds))}\n`);
  return DONE;
}
