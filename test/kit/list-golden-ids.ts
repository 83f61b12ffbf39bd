import { derivedIds } from './golden-archive.ts';

// Prints what test/fixtures/golden-archive/event-ids.txt holds. Read docs/decisions/0021-event-ids-are-for-ever.md before it is written there.
process.stdout.write(`${(await derivedIds()).join('\n')}\n`);
