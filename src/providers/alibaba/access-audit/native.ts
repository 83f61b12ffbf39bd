import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import type { Work } from '../audit/desk.ts';
import { isRefused, orRefused } from '../audit/refusal.ts';
import type { GenericApi, Operation } from '../trail-api.ts';
import type { NativeSettings } from './native-settings.ts';

const FIRST_LOOK_MS = 2_000;
const LONGEST_JOB_MS = 10 * 60_000;
const TRIES = 3;
const MOST_PAGES = 200;

/** What the undocumented operation answered about one identity, as it came; `failed` is a code, `policies` those that it blames. */
export const NativePage = z.union([
  z.object({ answers: z.array(z.unknown()) }),
  z.object({ failed: z.string(), policies: z.array(z.string()) }),
]);
export type NativePage = z.infer<typeof NativePage>;

/** Permanent for an identity until the policy that the message names is mended. */
const POLICY_ERRORS: ReadonlySet<string> = new Set([
  'InvalidParameter.Policy.Statement',
  'InvalidParameter.Policy.NotAction',
  'LengthExceedLimit.Policy',
]);

interface NativeParts {
  readonly api: GenericApi;
  readonly settings: NativeSettings;
  readonly work: Work;
  /** Which credentials sign: what one identity has generated is read by the same one only. */
  readonly signer: () => Promise<string>;
}

export function isPolicyError(code: string): boolean {
  return POLICY_ERRORS.has(code);
}

/** Generates and reads, with one identity: three times where the credentials change meanwhile. */
export async function askNatively(arn: string, names: readonly string[], parts: NativeParts): Promise<NativePage> {
  const { generate, answer } = parts.settings;
  let failed = '';
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const signer = await parts.signer();
    const begun = await asked(
      { name: generate.action, query: { [generate.arn]: arn, ...generate.more } },
      names,
      parts,
    );
    if ('failed' in begun) return begun;
    const job = textAt(begun.told, answer.job);
    if (job === undefined) return { failed: `no ${answer.job} in the answer`, policies: [] };
    const ended = await followed(job, signer, names, parts);
    if (typeof ended !== 'string') return ended;
    failed = ended;
  }
  return { failed, policies: [] };
}

/** The answer, or why there is none. */
async function followed(
  job: string,
  signer: string,
  names: readonly string[],
  parts: NativeParts,
): Promise<NativePage | string> {
  const { clock, signal } = parts.work;
  const { answer } = parts.settings;
  const since = clock.now();
  for (let pauseMs = FIRST_LOOK_MS; clock.now() - since < LONGEST_JOB_MS; pauseMs *= 1.5) {
    await clock.sleepUntil(clock.now() + pauseMs, signal);
    if ((await parts.signer()) !== signer) return 'the credentials changed meanwhile';
    const first = await pageOf(job, undefined, names, parts);
    if ('failed' in first) return first;
    const status = textAt(first.told, answer.status);
    if (status === answer.failed) {
      const code = textAt(first.told, answer.error) ?? answer.failed;
      return failure(code, textAt(first.told, answer.message) ?? '', names);
    }
    if (status === answer.done) return allPages(job, first.told, names, parts);
  }
  return 'it was not finished in ten minutes';
}

async function allPages(
  job: string,
  first: unknown,
  names: readonly string[],
  parts: NativeParts,
): Promise<NativePage> {
  const { settings, work } = parts;
  const answers = [first];
  for (let token = textAt(first, settings.answer.token); token !== undefined; ) {
    const next = await pageOf(job, token, names, parts);
    if ('failed' in next) return next;
    answers.push(next.told);
    const after = textAt(next.told, settings.answer.token);
    if (answers.length > MOST_PAGES || after === token)
      throw new Fault('malformed', `account ${work.desk.accountId}: ${settings.get.action} has no end`);
    token = after;
  }
  return { answers };
}

function pageOf(job: string, token: string | undefined, names: readonly string[], parts: NativeParts) {
  const { get } = parts.settings;
  const query = { [get.job]: job, ...get.more, ...(token === undefined ? {} : { [get.token]: token }) };
  return asked({ name: get.action, query }, names, parts);
}

type Asked = Pick<Operation, 'name' | 'query'>;

async function asked({ name, query }: Asked, names: readonly string[], { api, work }: NativeParts) {
  const action = `ram:${name}`;
  let said = '';
  const answered = await orRefused(action, work, async () => {
    const told = await api.ask({ action, name, query }, z.unknown(), work.signal).catch((error: unknown) => {
      said = messageOf(error);
      throw error;
    });
    return { told };
  });
  return isRefused(answered) ? failure(answered.refused, said, names) : answered;
}

/** The message of a policy error names the policy; no more of it than a name that we know is taken over. */
function failure(code: string, message: string, names: readonly string[]) {
  const isNamed = (name: string) => new RegExp(`(?<![\\w-])${name.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`).test(message);
  const named = isPolicyError(code) ? names.filter(isNamed) : [];
  return { failed: code, policies: [...new Set(named)].toSorted() };
}

function textAt(answer: unknown, path: string): string | undefined {
  const found = at(answer, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Fault && error.cause instanceof Error ? error.cause.message : '';
}

/** `Job.Status` in an answer. */
export function at(answer: unknown, path: string): unknown {
  let found = answer;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name]; // an object that has it, as seen
  }
  return found;
}
