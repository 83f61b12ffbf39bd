import type { ReportSettings } from '../../../domain/account.ts';
import { ACCESS_KIND, AccessSettings } from '../access-audit/kind.ts';
import { KEY_KIND, KeySettings } from '../key-audit/kind.ts';
import { INTERNATIONAL_ONLY, MAINLAND_ONLY } from '../permissions.ts';
import type { Site } from '../settings.ts';

/** Whether a kind that declares this action has no use for it with these settings, on this site. */
export function isSwitchedOff(kind: string, action: string, site: Site, report: ReportSettings | undefined): boolean {
  if ((site === 'mainland' ? INTERNATIONAL_ONLY : MAINLAND_ONLY).some((one) => one === action)) return true;
  const own = report?.settings ?? {};
  if (kind === KEY_KIND) return action === 'cloudaudit:LookUpEvents' && KeySettings.parse(own).depth === 'info';
  const ofGroups = action === 'cam:ListGroups' || action === 'cam:ListAttachedGroupPolicies';
  return kind === ACCESS_KIND && ofGroups && !AccessSettings.parse(own).groups;
}
