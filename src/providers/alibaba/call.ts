import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { withDeadline } from '../../kit/deadline.ts';
import type { Credentials } from './credentials.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';

export interface Ask<T> {
  /** `ram:GetCredentialReport`. */
  readonly action: string;
  readonly answer: z.ZodType<T>;
  readonly signal: AbortSignal;
  send(): Promise<{ readonly body?: unknown; readonly headers?: Readonly<Record<string, unknown>> }>;
}

/** One call to Alibaba Cloud, with a deadline, its answer read and its errors told as Faults. */
export interface Caller {
  readonly call: <T>(ask: Ask<T>) => Promise<T>;
  /** Which credentials a call would be signed with now. */
  accessKeyId(action: string, signal: AbortSignal): Promise<string>;
  /** Known once the cloud has said it: messages name it. */
  principal: string | undefined;
}

export interface CallerParts {
  readonly accountId: string;
  readonly timeoutMs: number;
  readonly credentials: Credentials;
  readonly subject?: string;
  /** Of each answer, its Date header. */
  readonly heard?: (date: unknown) => void;
}

export function callerOf({ timeoutMs, credentials, heard, ...whose }: CallerParts): Caller {
  const caller: Caller = { call, accessKeyId, principal: undefined };
  return caller;

  function accessKeyId(action: string, signal: AbortSignal): Promise<string> {
    return call({
      action,
      answer: z.string(),
      signal,
      send: async () => ({ body: (await credentials.get()).accessKeyId }),
    });
  }

  async function call<T>(ask: Ask<T>): Promise<T> {
    const asked: Asked = { action: ask.action, principal: caller.principal, ...whose };
    let usedKeyId = '';
    try {
      // The SDK takes no signal: what is still on the wire ends by its own time-out.
      const sent = await withDeadline(ask.signal, timeoutMs, async () => {
        usedKeyId = (await credentials.get()).accessKeyId;
        return ask.send();
      });
      heard?.(sent.headers?.['date']);
      return readAnswer(ask, sent, asked);
    } catch (error) {
      ask.signal.throwIfAborted();
      if (meansStaleCredentials(error)) credentials.forget(({ accessKeyId }) => accessKeyId === usedKeyId);
      throw faultOf(error, asked);
    }
  }
}

/** A proxy's page or half an answer can pass the SDK: then the fields that we need are not there. */
export function readAnswer<T>(
  ask: Pick<Ask<T>, 'answer'>,
  sent: { readonly body?: unknown } | undefined,
  asked: Asked,
): T {
  const answer = ask.answer.safeParse(sent?.body);
  if (answer.success) return answer.data;
  const field = answer.error.issues[0]?.path.join('.') ?? '';
  throw new Fault('unreachable', `${subjectOf(asked)}: ${asked.action} was answered without a usable ${field}`);
}
