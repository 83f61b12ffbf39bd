import { type SourceName, splitSource } from '../../domain/names.ts';
import { byCause, causeOf, fewOf } from '../alike.ts';
import type { Io } from '../io.ts';
import type { Session } from '../session.ts';
import { lineOf } from '../text.ts';

export interface Result {
  readonly name: string;
  readonly source: SourceName;
  readonly text: string;
  readonly failed: boolean;
  readonly number?: number;
  /** The organisation whose hub failed. */
  readonly shared?: string;
}

export interface How {
  readonly json: boolean;
  /** What failed in a line of its own each. */
  readonly all: boolean;
}

export type Teller = ReturnType<typeof tellerOf>;

/** One line for each source, and at the end one for all that fail of one cause. Beside a stdout sink the lines go to stderr. */
export function tellerOf({ config }: Session, io: Io, { json, all }: How) {
  const failed: Result[] = [];
  const hasStdoutSink = config.sinks.some(({ type }) => type === 'stdout');
  const say = async (line: string) => (hasStdoutSink ? io.err(line) : io.out(line));
  let told = 0;
  return {
    told: () => told,
    async tell(result: Result): Promise<void> {
      told += 1;
      if (json) return say(`${JSON.stringify(result)}\n`);
      if (!result.failed || all) return say(`${lineOf(result.name)}: ${lineOf(result.text)}\n`);
      failed.push(result);
    },
    async end(): Promise<void> {
      for (const alike of byCause(failed.splice(0), causeOfResult)) await say(`${lineOf(inOneLine(alike))}\n`);
    },
  };
}

function causeOfResult({ shared, name, source, text }: Result): string {
  const { provider, accountId: id } = splitSource(source);
  return shared ?? `${provider} ${causeOf(text, { name, id })}`;
}

function inOneLine(alike: readonly Result[]): string {
  const names = alike.map(({ name }) => name);
  const text = alike[0]?.text ?? '';
  return `${fewOf(names)}: ${names.length > 1 ? text.replace(/^(\w+: )account \S+: /, '$1') : text}`;
}
