import type { JobState } from '../archive/port.ts';
import type { Trouble } from '../domain/health.ts';
import { type Instant, isOver } from '../domain/instant.ts';
import { type Folded, foldCommonCauses } from './common-cause.ts';
import { newestHealth, troubleOf } from './health.ts';
import { nameOf } from './member-lists.ts';
import { isNews } from './shared-fault.ts';
import type { ConfiguredSource, Stage } from './stage.ts';
import { organizationState } from './state.ts';

const DAY_MS = 24 * 60 * 60_000;

/** The troubles of organisations beside those of sources, each cause once. */
export async function withOrganizations(
  stage: Stage,
  targets: Iterable<ConfiguredSource>,
  sources: ReadonlyMap<string, Trouble>,
  answered: ReadonlyMap<string, Instant>,
): Promise<Folded> {
  const members = new Map<string, string[]>();
  const organizations = new Map<string, Trouble>();
  for (const organization of stage.organizations) {
    const key = `${organization.provider}/${organization.name}`;
    members.set(key, []);
    const state = await stage.archive.series<JobState>(organizationState(organization)).latest();
    const trouble = troubleOf(state?.value);
    if (trouble !== undefined) organizations.set(key, trouble);
  }
  for (const { account, source } of targets)
    if (account.organization !== undefined) members.get(`${account.provider}/${account.organization}`)?.push(source);
  const told = await newestHealth(stage);
  return foldCommonCauses({ members, organizations, sources, answered, told, now: stage.clock.now() });
}

/** What is over is not taken for an exclusion, and nobody should think that it is. */
export function warnOfOldExclusions(stage: Stage): void {
  for (const organization of stage.organizations) {
    for (const exclusion of organization.exclude) {
      const message = `${nameOf(organization)}: the exclusion of account ${exclusion.accountId} (${exclusion.owner}) was over on ${exclusion.until}: the account is collected again; remove the entry or move its date`;
      if (isOver(exclusion, stage.clock.now()) && isNews(message, stage, DAY_MS))
        stage.observe({ kind: 'warning', message });
    }
  }
}
