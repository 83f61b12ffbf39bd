import { expect, test } from 'vitest';
import { oneOfEachType } from '../../test/kit/sample-events.ts';
import { VERSION } from '../kit/version.ts';
import { formats } from './registry.ts';

// `npx vitest run --project unit src/formats -u` writes these files anew: read the difference before it is committed.
test.each(formats)('one event of each type as $name writes it', async (format) => {
  const { name } = format;
  const lines = oneOfEachType().map((event) => format.encode(event).replaceAll(VERSION, '<version>'));

  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    `fixtures/events.${name}.${name === 'cef' ? 'txt' : 'ndjson'}`,
  );
});
