import type { Findings } from '../../domain/finding.ts';
import type { Instant } from '../../domain/instant.ts';
import { splitSource } from '../../domain/names.ts';
import { FINDINGS_PART, type ParsedReport, type Parts } from '../../domain/report.ts';
import type { Steps } from '../../kit/steps.ts';
import type { Decided, Matter } from '../decide.ts';
import type { AuditKind } from './checks/audit-check.ts';
import { judgingAudit } from './judge-audit.ts';
import { ACCESS_SEEN_PART, type AccessSeen, seenIn } from './seen.ts';
import { seeAccess } from './seen-identities.ts';
import { seeKeys } from './seen-keys.ts';

type See = (parsed: ParsedReport, generatedAt: Instant, earlier: AccessSeen | undefined) => Steps<AccessSeen>;

const SEES: Readonly<Record<AuditKind, See>> = {
  'access-audit': ({ access = [] }, at, earlier) => seeAccess(access, at, earlier),
  'key-audit': ({ keyUses = [] }, at, earlier) => seeKeys(keyUses, at, earlier),
};

/** What is decided of an audit: what was ever seen, and what is wrong. Undefined for any other kind. */
export function* decidingAudit(
  { source, parsed, generatedAt, context }: Matter,
  earlier: Parts,
  previous: Findings | undefined,
): Steps<readonly Decided[] | undefined> {
  const kind = auditKind(splitSource(source).kind);
  if (kind === undefined) return undefined;
  const { rules, exceptions } = context;
  const before = yield* seenIn(earlier);
  const seen = yield* SEES[kind](parsed, generatedAt, before);
  const findings = yield* judgingAudit({ source, kind, parsed, generatedAt, rules, exceptions, seen }, previous);
  return [
    { name: FINDINGS_PART, value: findings },
    { name: ACCESS_SEEN_PART, value: seen },
  ];
}

function auditKind(name: string): AuditKind | undefined {
  return name === 'access-audit' || name === 'key-audit' ? name : undefined;
}
