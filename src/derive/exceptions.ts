import { isLabelled } from '../domain/account.ts';
import type { Context } from '../domain/context.ts';
import type { ExceptedFinding, FindingSubject, OpenFinding } from '../domain/finding.ts';
import { type Instant, isOver } from '../domain/instant.ts';
import type { Exception } from '../domain/rules.ts';
import { isLike } from '../kit/glob.ts';

type Named = Pick<Context['account'], 'provider' | 'id' | 'name' | 'labels'>;

/** Those that cover something of this account as of then: what a report's context keeps. */
export function exceptionsFor(all: readonly Exception[], account: Named, generatedAt: Instant): readonly Exception[] {
  return all.filter(
    (one) => !isOver(one, generatedAt) && isOfAccount(one, account) && isLabelled(account, one.labels ?? {}),
  );
}

function isOfAccount({ accounts }: Exception, { provider, id, name }: Named): boolean {
  return accounts === undefined || [name, id, `${provider}/${id}`].some((known) => accounts.includes(known));
}

/** What is open apart from what is excepted, each with the first exception that covers it. */
export function setApart(
  findings: readonly OpenFinding[],
  exceptions: readonly Exception[],
): { readonly open: readonly OpenFinding[]; readonly excepted: readonly ExceptedFinding[] } {
  if (exceptions.length === 0) return { open: findings, excepted: [] };
  const open: OpenFinding[] = [];
  const excepted: ExceptedFinding[] = [];
  for (const finding of findings) {
    const exception = exceptions.find((one) => covers(one, finding));
    if (exception === undefined) open.push(finding);
    else excepted.push({ ...finding, exception: whyOf(exception) });
  }
  return { open, excepted };
}

function covers({ checks, identities }: Exception, { check, identity }: OpenFinding): boolean {
  return (
    (checks === undefined || checks.includes(check)) &&
    (identities === undefined || identities.some((pattern) => isMeant(pattern, identity)))
  );
}

/** The clouds have several names for their root: `root` is each of them. */
export function isMeant(pattern: string, { kind, name, id }: FindingSubject['identity']): boolean {
  return isLike(name, pattern) || isLike(id, pattern) || (kind === 'root' && isLike('root', pattern));
}

function whyOf({ owner, reason, until }: Exception): ExceptedFinding['exception'] {
  return { owner, reason, until };
}
