import type { Findings, OpenFinding } from '../domain/finding.ts';
import { groupBy } from '../kit/group-by.ts';

/** What to look for when an id cannot be trusted: the same check on the same identity and kind of credential. */
export interface Search {
  readonly check: string;
  readonly identityId: string;
  readonly credentialKind: string | undefined;
  /** Undefined when it is not known. */
  readonly credentialCreatedAt: string | undefined;
}

/** The findings that were open at the report before, or would have been without an exception; each is taken up once. */
export class EarlierFindings {
  readonly #byId: Map<string, OpenFinding>;
  #byIdentity: ReadonlyMap<string, readonly OpenFinding[]> | undefined;

  constructor(findings: Findings | undefined) {
    this.#byId = byId(findings?.open ?? []);
    for (const { exception: _, ...finding } of findings?.excepted ?? []) this.#byId.set(finding.id, finding);
  }

  take(id: string, search: Search | undefined): OpenFinding | undefined {
    const finding = this.#byId.get(id) ?? (search === undefined ? undefined : this.#find(search));
    if (finding !== undefined) this.#byId.delete(finding.id);
    return finding;
  }

  hasAny(check: string): boolean {
    for (const finding of this.#byId.values()) if (finding.check === check) return true;
    return false;
  }

  /** All that are left of a check and are chosen, as no longer known. */
  takeAllOf(check: string, isChosen: (finding: OpenFinding) => boolean): readonly OpenFinding[] {
    const all = [...this.#byId.values()].filter((finding) => finding.check === check && isChosen(finding));
    for (const { id } of all) this.#byId.delete(id);
    return all.map((finding) => ({ ...finding, status: 'unknown' }));
  }

  /** By identity: a report that tells no creation at all asks this of every credential. */
  #find(search: Search): OpenFinding | undefined {
    this.#byIdentity ??= groupBy(this.#byId.values(), ({ identity }) => identity.id);
    const own = this.#byIdentity.get(search.identityId);
    return own?.find((finding) => this.#byId.has(finding.id) && isAbout(finding, search));
  }
}

/** One by one: without a list of pairs between. */
export function byId(findings: readonly OpenFinding[]): Map<string, OpenFinding> {
  const known = new Map<string, OpenFinding>();
  for (const finding of findings) known.set(finding.id, finding);
  return known;
}

function isAbout({ check, identity, credential }: OpenFinding, search: Search): boolean {
  return (
    check === search.check &&
    identity.id === search.identityId &&
    credential?.kind === search.credentialKind &&
    (search.credentialCreatedAt === undefined || credential?.created_at === search.credentialCreatedAt)
  );
}
