import type { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { withDeadline } from '../../kit/deadline.ts';
import type { Credentials, KeySet } from './credentials.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';

interface Ask<T> {
  /** `cam:ListAccessKeys`. */
  readonly action: string;
  readonly answer: z.ZodType<T>;
  readonly signal: AbortSignal;
  send(keys: KeySet, signal: AbortSignal): Promise<unknown>;
}

/** One call to Tencent Cloud, with a deadline, its answer read and its errors told as Faults. */
export interface Caller {
  call<T>(ask: Ask<T>): Promise<T>;
  /** Which credentials a call would be signed with now. */
  secretId(): Promise<string>;
  /** Known once the cloud has said it: messages name it. */
  principal: string | undefined;
}

export interface CallerParts {
  readonly accountId: string;
  readonly timeoutMs: number;
  readonly credentials: Credentials;
  readonly subject?: string;
}

export function callerOf({ timeoutMs, credentials, ...whose }: CallerParts): Caller {
  const caller: Caller = {
    call,
    secretId: async () => (await credentials.get()).secretId,
    principal: undefined,
  };
  return caller;

  async function call<T>(ask: Ask<T>): Promise<T> {
    const asked: Asked = { action: ask.action, principal: caller.principal, ...whose };
    let used: KeySet | undefined;
    try {
      const sent = await withDeadline(ask.signal, timeoutMs, async (signal) => {
        // Before the SDK asks for them: it would turn a Fault into words.
        const keys = await credentials.get();
        used = keys;
        return ask.send(keys, signal);
      });
      return readAnswer(ask.answer, sent, asked);
    } catch (error) {
      ask.signal.throwIfAborted();
      if (meansStaleCredentials(error)) credentials.forget(({ secretId }) => secretId === used?.secretId);
      throw faultOf(error, asked);
    }
  }
}

/** A proxy's page or half an answer can pass the SDK: then the fields that we need are not there. */
export function readAnswer<T>(schema: z.ZodType<T>, sent: unknown, asked: Asked): T {
  const answer = schema.safeParse(sent);
  if (answer.success) return answer.data;
  const field = answer.error.issues[0]?.path.join('.') || 'answer';
  throw new Fault('unreachable', `${subjectOf(asked)}: ${asked.action} was answered without a usable ${field}`);
}
