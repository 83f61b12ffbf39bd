import { type Command, DONE, UsageError } from '../io.ts';
import { noMoreThan, options, registries } from '../session.ts';

export const schema: Command = {
  summary: 'Print the JSON Schema of the config (for editors) or of the plain events (for consumers).',
  usage: 'usage: muster schema config|events|rows|records     rows: of the format plain-rows; records: docs/records.md',
  async run(argv, io) {
    const { positionals } = options({ args: [...argv], allowPositionals: true, options: {} });
    noMoreThan(1, positionals);
    if (positionals[0] === 'records') await io.out((await import('../record-table.ts')).recordTables());
    else await io.out(`${JSON.stringify(await schemaOf(positionals[0]), null, 2)}\n`);
    return DONE;
  },
};

async function schemaOf(what: string | undefined): Promise<object> {
  if (what === 'config') return (await import('../../config/json-schema.ts')).jsonSchema(registries);
  if (what === 'events') return (await import('../../formats/plain-schema.ts')).plainSchema();
  if (what === 'rows') return (await import('../../formats/plain-schema.ts')).plainRowsSchema();
  throw new UsageError('say which: config, events, rows or records');
}
