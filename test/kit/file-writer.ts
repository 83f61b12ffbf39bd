import type { SinkName } from '../../src/domain/names.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { fileSink } from '../../src/sinks/file/file-sink.ts';
import { FileSettings } from '../../src/sinks/file/settings.ts';

/**
 * A worker of its own, to be started by tests: `file-writer.ts PATH PREFIX BATCHES [ROTATE_BYTES]` sends batches of ten
 * events and prints one line of JSON: the ids that were delivered, or the Fault.
 */
const [path = '', prefix = '', batches = '1', rotateBytes = '1GiB'] = process.argv.slice(2);
const sink = fileSink(FileSettings.parse({ path, rotate_bytes: rotateBytes }), {
  name: 'writer' as SinkName,
  clock: systemClock(),
  observe: () => undefined,
});
const delivered: string[] = [];
try {
  for (let batch = 0; batch < Number(batches); batch += 1) {
    const events = Array.from({ length: 10 }, (_, index) => {
      const id = `${prefix}-${batch}-${index}`;
      return { id, text: JSON.stringify({ id, filler: 'x'.repeat(200) }) };
    });
    const outcome = await sink.send(events, new AbortController().signal);
    delivered.push(...outcome.delivered.map((event) => event.id));
  }
  console.log(JSON.stringify({ delivered }));
} catch (failure) {
  const { name, message, kind } = failure as Error & { kind?: string };
  console.log(JSON.stringify({ delivered, failure: { name, message, kind } }));
}
await sink.close();
