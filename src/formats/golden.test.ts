import { expect, test } from 'vitest';
import { oneOfEachType } from '../../test/kit/sample-events.ts';
import { VERSION } from '../kit/version.ts';
import { linesOf } from './format.ts';
import { formats } from './registry.ts';

// `npx vitest run --project unit src/formats -u` writes these files anew: read the difference before it is committed.
test.each(formats)('one event of each type as $name writes it', async (format) => {
  const { name } = format;
  const lines = oneOfEachType().flatMap((event) =>
    [...linesOf(format, event)].map(({ text }) => text.replaceAll(VERSION, '<version>')),
  );

  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    `fixtures/events.${name}.${name === 'cef' ? 'txt' : 'ndjson'}`,
  );
});
