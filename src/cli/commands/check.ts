import { DUTY_OPTIONS, DUTY_USAGE, dutiesOf } from '../duties.ts';
import { type Command, DONE, FAILED } from '../io.ts';
import { options, readConfig } from '../session.ts';

export const check: Command = {
  summary: 'Read the config and say every mistake at once; asks no cloud and no sink.',
  usage: `usage: muster check [--only collect [--provider NAME]… | --only deliver] [--config FILE]

${DUTY_USAGE}`,
  async run(argv, io) {
    const { values } = options({ args: [...argv], options: { config: { type: 'string' }, ...DUTY_OPTIONS } });
    const config = await readConfig(io, values.config, dutiesOf(values));
    for (const warning of [...config.warnings, ...config.broken]) io.err(`${warning}\n`);
    const queue = config.queue.type === 'embedded' ? 'embedded queue' : 'Redis queue';
    const sinks = config.sinks.map(({ name, type }) => `${name} (${type})`).join(', ');
    const counts = [
      counted(config.accounts.length, 'account'),
      ...(config.organizations.length === 0 ? [] : [counted(config.organizations.length, 'organization')]),
      `${counted(config.sinks.length, 'sink')}${sinks && `: ${sinks}`}`,
    ];
    const verdict = config.broken.length === 0 ? 'ok' : 'not all of it can be read';
    await io.out(`${config.file}: ${verdict}: ${counts.join(', ')}; ${queue}\n`);
    return config.broken.length === 0 ? DONE : FAILED;
  },
};

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
