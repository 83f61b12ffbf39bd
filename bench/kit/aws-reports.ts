import { reportPair as pairOf } from '../../src/cli/estimate/population.ts';

export { GENERATED_AT } from '../../src/cli/estimate/population.ts';

/** A quarter of the users did something, one in a hundred was changed, one in five hundred went and as many came. */
const RATES = { usesKey: 0.5, signsIn: 0.2, changes: 0.01, goes: 0.002 };

export function reportPair(accountId: string, users: number) {
  return pairOf(accountId, users, RATES);
}
