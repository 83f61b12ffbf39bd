import type { Account } from '../../src/domain/account.ts';
import type { Organization } from '../../src/domain/organization.ts';
import type { RawReport } from '../../src/domain/report.ts';
import type { ActionNote, Loss, PolicyDocument, Provider } from '../../src/providers/provider.ts';
import { type Policy, readPolicy } from '../../src/simulator/allow.ts';

/** The documents that `muster policy` prints, by name. */
export function emitted(
  provider: Provider,
  needs: { readonly accounts?: readonly Account[]; readonly organizations?: readonly Organization[]; hub?: string },
): ReadonlyMap<string, unknown> {
  const documents: readonly PolicyDocument[] = provider.policies?.({ accounts: [], organizations: [], ...needs }) ?? [];
  return new Map(documents.map(({ name, document }) => [name, document]));
}

/** As the cloud gets it: as text. */
export function enforced(document: unknown): Policy {
  return readPolicy(JSON.parse(JSON.stringify(document)));
}

/** The actions of a document, in order. */
export function actionsIn(document: unknown): readonly string[] {
  return statementsIn(document).flatMap(({ action }) => action);
}

/** The document with everything but one action. */
export function without(document: unknown, action: string): unknown {
  const kept = statementsIn(document)
    .map(({ statement, key, action: actions }) => ({ ...statement, [key]: actions.filter((one) => one !== action) }))
    .filter((statement) => Object.values(statement).every((value) => !Array.isArray(value) || value.length > 0));
  const copy = { ...(document as Readonly<Record<string, unknown>>) };
  const key = 'Statement' in copy ? 'Statement' : 'statement';
  // A policy needs a statement: one that allows nothing that anybody asks for.
  return {
    ...copy,
    [key]:
      kept.length > 0 ? kept : statementsIn(document).map((one) => ({ ...one.statement, [one.key]: ['none:None'] })),
  };
}

function statementsIn(document: unknown) {
  const { Statement, statement } = document as Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  return (Statement ?? statement ?? []).map((one) => {
    const key = 'Action' in one ? 'Action' : 'action';
    const given = one[key] as string | readonly string[];
    return { statement: one, key, action: typeof given === 'string' ? [given] : given };
  });
}

export function noteOf(provider: Provider, action: string, on: ActionNote['on']): ActionNote {
  const note = provider.actions?.find((one) => one.action === action && one.on === on);
  if (note === undefined) throw new Error(`${provider.name} has no note of ${action}`);
  return note;
}

export interface Outcome {
  readonly report: RawReport | undefined;
  readonly fault: unknown;
}

export async function outcomeOf(collected: Promise<RawReport>): Promise<Outcome> {
  return collected.then(
    (report) => ({ report, fault: undefined }),
    (fault: unknown) => ({ report: undefined, fault }),
  );
}

/** What was seen, in the words of the documentation: equal to what `shown` makes of a note, or there is a gap. */
export function seen({ report, fault }: Outcome, provider: Provider, kind = 'credential-report'): unknown {
  if (report === undefined) {
    const { kind: of, message } = fault as { readonly kind: string; readonly message: string };
    return { fault: of, message };
  }
  const never = provider.kinds[kind]?.neverShown ?? [];
  return { notVisible: report.notVisible.filter((what) => !never.includes(what)) };
}

export function shown(
  loss: Loss,
  action: string,
  expect: { stringContaining(text: string): unknown; stringMatching(text: RegExp): unknown },
): unknown {
  const plain = action.replace(/^name\//, '');
  switch (loss.shows) {
    case 'fault':
      return { fault: 'denied', message: expect.stringContaining(plain) };
    case 'not-visible': {
      const escaped = (loss.says ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return { notVisible: [expect.stringMatching(new RegExp(`^${escaped}.*not allowed: ${plain}\\)$|^${escaped}$`))] };
    }
    case 'warning':
    case 'nothing':
      return { notVisible: [] };
  }
}
