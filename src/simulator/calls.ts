import { formatInstant, type Instant } from '../domain/instant.ts';

export interface CallAnswer {
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly code?: string;
  /** Of GenerateCredentialReport: STARTED, INPROGRESS or COMPLETE. */
  readonly state?: string;
}

/** One call of a cloud's API, as the simulator saw it. */
interface Call {
  readonly seq: number;
  readonly at: string;
  readonly wall_at: string;
  readonly service: string;
  readonly action: string;
  /** The account that was asked about: of AssumeRole, the role's. */
  readonly account: string | undefined;
  readonly principal: string | undefined;
  readonly answer: CallAnswer;
  /** The planted fault, when there was one. */
  readonly fault?: string;
  readonly request_id: string;
  readonly ms: number;
}

type SeenCall = Omit<Call, 'seq' | 'at' | 'wall_at'>;

export interface CallLog {
  add(at: Instant, wallAt: Instant, call: SeenCall): void;
  /** The newest ones that are still kept, oldest first, with a seq above `since`. */
  list(since?: number): readonly Call[];
  clear(): void;
}

/** Keeps the newest `limit` calls, give or take a quarter: dropping one at a time would cost a copy for each call. */
export function createCallLog(limit: number): CallLog {
  let calls: Call[] = [];
  let seq = 0;
  return {
    add(at, wallAt, call) {
      seq += 1;
      calls.push({ seq, at: formatInstant(at), wall_at: formatInstant(wallAt), ...call });
      if (calls.length > limit * 1.25) calls = calls.slice(-limit);
    },
    list: (since = 0) => calls.slice(-limit).filter((call) => call.seq > since),
    clear() {
      calls = [];
    },
  };
}
