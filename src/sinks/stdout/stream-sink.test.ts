import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { encoded, patient, type SinkUnderTest, sinkCompliance } from '../../../test/kit/sink-compliance.ts';
import { until } from '../../../test/kit/until.ts';
import { streamSink } from './stream-sink.ts';

interface Reader {
  readonly stream: Writable;
  readonly lines: () => string[];
  state: 'reading' | 'gone' | 'asleep';
}

function reader(): Reader {
  let text = '';
  const self: Reader = {
    state: 'reading',
    lines: () => text.split('\n').slice(0, -1),
    stream: new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (self.state === 'asleep') return;
        if (self.state === 'gone') return done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        text += chunk.toString('utf8');
        done();
      },
    }),
  };
  return self;
}

async function open(): Promise<SinkUnderTest> {
  const target = reader();
  return {
    sink: streamSink(target.stream),
    received: async () => target.lines(),
    refuse: async () => void (target.state = 'gone'),
    hang: async () => {
      target.state = 'asleep';
      return () => target.stream.writableNeedDrain || target.stream.writableLength > 0;
    },
    secrets: [],
    leftovers: async () => target.stream.listeners('error').map(String),
    close: async () => void target.stream.destroy(),
  };
}

sinkCompliance('stdout', open);

test('a reader that has gone is unreachable, and stays so', async () => {
  const target = reader();
  const sink = streamSink(target.stream);
  target.state = 'gone';

  await expect(sink.send(encoded('a'), patient())).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('EPIPE') as string,
  });

  await expect(sink.send(encoded('b'), patient())).rejects.toMatchObject({ kind: 'unreachable' });
  await expect(sink.check(patient())).rejects.toMatchObject({ kind: 'unreachable' });
  await sink.close();
});

test('a batch is delivered only when a slow reader has taken it', async () => {
  const taken: (() => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void taken.push(done) });
  const sink = streamSink(stream);
  let isDelivered = false;

  const send = async () => {
    await sink.send(encoded('a'), patient());
    isDelivered = true;
  };
  const sending = send();
  await until('the stream has the batch', () => taken.length === 1);
  expect(isDelivered).toBe(false);
  taken[0]!();

  await sending;
  expect(isDelivered).toBe(true);
  await sink.close();
});
