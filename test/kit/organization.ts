import type { Member, Organization } from '../../src/domain/organization.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import { HOUR, type TestStage } from './stage.ts';

/** A stage with one organisation, whose list of members a test changes. */
export interface OrganizedStage {
  readonly stage: Stage;
  /** What the cloud lists; an Error is thrown. */
  listed: readonly Member[] | Error;
  asked: number;
}

export function organized(test: TestStage, change: Partial<Organization> = {}): OrganizedStage {
  const state: { listed: readonly Member[] | Error; asked: number } = { listed: [], asked: 0 };
  const stage: Stage = {
    ...test.stage,
    organizations: [organization(change)],
    memberSettings: (_, accountId) => ({ accountId }),
    directory: async () => ({
      close: () => undefined,
      list: async () => {
        state.asked += 1;
        if (state.listed instanceof Error) throw state.listed;
        return state.listed;
      },
    }),
  };
  return Object.assign(state, { stage });
}

export function organization(change: Partial<Organization> = {}): Organization {
  return {
    provider: 'aws',
    name: 'main',
    members: 'all',
    managementAccount: true,
    labels: { org: 'main' },
    labelsFromTags: ['bu'],
    exclude: [],
    reports: { 'credential-report': { everyMs: 4 * HOUR } },
    settings: {},
    ...change,
  };
}

export function member(number: number, change: Partial<Member> = {}): Member {
  const id = String(200_000_000_000 + number);
  return { id, name: `team-${number}`, state: 'active', isManagement: false, ...change };
}

export function members(count: number): readonly Member[] {
  return Array.from({ length: count }, (_, index) => member(index));
}
