import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';
import type { Credentials } from './remembered.ts';

export interface Ask<T> {
  /** `iam:GetCredentialReport`. */
  readonly action: string;
  readonly answer: z.ZodType<T>;
  readonly signal: AbortSignal;
  send(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** One call to AWS, with a deadline, its answer read and its errors told as Faults. */
export interface Caller {
  call<T>(ask: Ask<T>): Promise<T>;
  /** Which credentials a call would be signed with now. */
  accessKeyId(ask: Pick<Ask<unknown>, 'action' | 'signal'>): Promise<string>;
  /** Known once AWS has said it: messages name it. */
  principal: string | undefined;
}

export interface CallerParts {
  readonly accountId: string;
  readonly timeoutMs: number;
  readonly credentials: Credentials;
  readonly subject?: string;
}

export function callerOf({ accountId, timeoutMs, credentials, subject }: CallerParts): Caller {
  const caller: Caller = { call, accessKeyId, principal: undefined };
  return caller;

  function accessKeyId({ action, signal }: Pick<Ask<unknown>, 'action' | 'signal'>): Promise<string> {
    return call({ action, answer: z.string(), signal, send: async () => (await credentials.get()).accessKeyId });
  }

  async function call<T>(ask: Ask<T>): Promise<T> {
    const asked: Asked = {
      action: ask.action,
      accountId,
      principal: caller.principal,
      ...(subject === undefined ? {} : { subject }),
    };
    let usedKeyId = '';
    try {
      const sent = await withDeadline(ask.signal, timeoutMs, async (abortSignal) => {
        usedKeyId = (await credentials.get()).accessKeyId;
        return ask.send({ abortSignal });
      });
      return readAnswer(ask, sent, asked);
    } catch (error) {
      ask.signal.throwIfAborted();
      if (meansStaleCredentials(error)) credentials.forget(usedKeyId);
      throw faultOf(error, asked);
    }
  }
}

/** A proxy's page or half an answer can pass the SDK: then the fields that we need are not there. */
export function readAnswer<T>(ask: Pick<Ask<T>, 'answer'>, sent: unknown, asked: Asked): T {
  const answer = ask.answer.safeParse(sent);
  if (answer.success) return answer.data;
  const field = answer.error.issues[0]?.path.join('.') ?? '';
  throw new Fault('unreachable', `${subjectOf(asked)}: ${asked.action} was answered without a usable ${field}`);
}
