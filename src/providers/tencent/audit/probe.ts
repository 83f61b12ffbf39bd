import type { Account } from '../../../domain/account.ts';
import { Fault } from '../../../domain/fault.ts';
import type { Probed } from '../../provider.ts';
import { ACCESS_KIND } from '../access-audit/kind.ts';
import type { AuditApi } from '../audit-api.ts';
import type { Paces } from '../credential-report/desk.ts';
import { codeBehind, isNotAllowed } from '../faults.ts';
import { KEY_KIND, KeySettings } from '../key-audit/kind.ts';
import { ACCESS_AUDIT, KEY_AUDIT } from '../permissions.ts';
import type { Settings } from '../settings.ts';
import { isSwitchedOff } from './switched-off.ts';

/** Nobody has these: a permission is judged before they are looked for. */
const NOBODY = 100_000_000_001;
const NO_ROLE = '4611686018400000001';
const MINUTE_MS = 60_000;

interface ProbeParts {
  readonly account: Account;
  readonly settings: Settings;
  readonly audit: AuditApi;
  readonly paces: Paces;
  readonly now: number;
}

type Trial = (parts: ProbeParts, signal: AbortSignal) => Promise<unknown>;

/** What the audits ask and the credential report does not. */
const TRIALS: Readonly<Record<string, Trial>> = {
  'cam:DescribeRoleList': ({ audit }, signal) => audit.roles(1, signal),
  'cam:ListGroups': ({ audit }, signal) => audit.groups(1, signal),
  'cam:ListPoliciesGrantingServiceAccess': ({ audit }, signal) => audit.granting({ uin: NOBODY }, undefined, signal),
  'cam:ListAttachedUserAllPolicies': ({ audit }, signal) => audit.attached({ uin: NOBODY }, 1, signal),
  'cam:ListAttachedRolePolicies': ({ audit }, signal) => audit.attached({ roleId: NO_ROLE }, 1, signal),
  'cam:ListAttachedGroupPolicies': ({ audit }, signal) => audit.attached({ groupId: 1 }, 1, signal),
  'cam:GetPolicy': ({ audit }, signal) => audit.policy(1, signal),
  'cloudaudit:LookUpEvents': ({ audit, account, settings, now }, signal) => {
    const { regions = [settings.region] } = KeySettings.pick({ regions: true })
      .loose()
      .parse((account.reports[KEY_KIND] ?? account.reports[ACCESS_KIND])?.settings ?? {});
    const asked = { attribute: 'AccessKeyId', value: 'AKIDmusterdoctor', from: now - MINUTE_MS, to: now } as const;
    return audit.events({ ...asked, region: regions[0] ?? settings.region, token: undefined }, signal);
  },
};

const AUDITS = [
  [ACCESS_KIND, ACCESS_AUDIT],
  [KEY_KIND, KEY_AUDIT],
] as const;

/** Tries each permission once, with the call itself; none of them is one that an audit cannot do without. */
export async function probeAudits(parts: ProbeParts, signal: AbortSignal): Promise<readonly Probed[]> {
  const { account, settings, paces } = parts;
  const wanted = new Set(
    AUDITS.flatMap(([kind, { optional }]) =>
      kind in account.reports
        ? optional.filter((action) => !isSwitchedOff(kind, action, settings.site, account.reports[kind]))
        : [],
    ),
  );
  const probed: Probed[] = [];
  for (const permission of wanted) {
    const trial = TRIALS[permission];
    if (trial === undefined) continue;
    await paces(permission)(signal);
    probed.push({ permission, needed: false, problem: await problemOf(trial, parts, signal) });
  }
  return probed;
}

async function problemOf(trial: Trial, parts: ProbeParts, signal: AbortSignal): Promise<string | undefined> {
  try {
    await trial(parts, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const code = codeBehind(error);
    if (code === undefined || error.kind === 'throttled') throw error;
    return isNotAllowed(code) || error.kind === 'denied' ? error.message : undefined;
  }
}
