import { type Command, DONE } from '../io.ts';
import { options, readConfig } from '../session.ts';

export const check: Command = {
  summary: 'Read the config and say every mistake at once; asks no cloud and no sink.',
  usage: 'usage: muster check [--config FILE]',
  async run(argv, io) {
    const { values } = options({ args: [...argv], options: { config: { type: 'string' } } });
    const config = await readConfig(io, values.config);
    for (const warning of config.warnings) io.err(`${warning}\n`);
    const queue = config.queue.type === 'embedded' ? 'embedded queue' : 'Redis queue';
    const sinks = config.sinks.map(({ name, type }) => `${name} (${type})`).join(', ');
    await io.out(
      `${config.file}: ok: ${config.accounts.length} accounts, ${config.sinks.length} sinks${sinks && `: ${sinks}`}; ${queue}\n`,
    );
    return DONE;
  },
};
