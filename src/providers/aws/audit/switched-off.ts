import type { ReportSettings } from '../../../domain/account.ts';
import { ACCESS_KIND, AccessSettings } from '../access-audit/kind.ts';
import { KEY_KIND, KeySettings } from '../key-audit/kind.ts';

/** Whether an audit that declares this permission has no use for it with these settings. */
export function isSwitchedOff(kind: string, action: string, report: ReportSettings | undefined): boolean {
  const own = report?.settings ?? {};
  if (kind === ACCESS_KIND && action === 'iam:ListGroups') return !AccessSettings.parse(own).groups;
  if (kind === KEY_KIND && action === 'cloudtrail:LookupEvents') return KeySettings.parse(own).depth === 'info';
  return false;
}
