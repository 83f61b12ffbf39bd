import type { ExceptedFinding, Findings, OpenFinding } from '../domain/finding.ts';
import { groupBy } from '../kit/group-by.ts';
import { TextPlaces } from '../kit/text-places.ts';

/** What to look for when an id cannot be trusted: the same identity and kind of credential. */
export interface Search {
  readonly identityId: string;
  readonly credentialKind: string | undefined;
  /** Undefined when it is not known. */
  readonly credentialCreatedAt: string | undefined;
}

/** The findings that were open at the report before, or would have been without an exception. */
export function openBefore(findings: Findings | undefined): readonly OpenFinding[] {
  return [...(findings?.open ?? []), ...(findings?.excepted ?? []).map(withoutException)];
}

function withoutException(excepted: ExceptedFinding): OpenFinding {
  const { exception: _, ...finding } = excepted;
  return finding;
}

/** What a newer report's findings are looked up among; each is taken up once. */
export class EarlierFindings {
  readonly #all: readonly OpenFinding[];
  readonly #isTaken: Uint8Array;
  /** After the one that was taken last: they are asked for in the order in which they were kept, but for what came and went. */
  #next = 0;
  #isRepeated = false;
  #places: TextPlaces | undefined;
  /** Not among the earlier. */
  readonly #asked = new Set<string>();
  #byIdentity: ReadonlyMap<string, readonly (readonly [place: number, finding: OpenFinding])[]> | undefined;

  constructor(all: readonly OpenFinding[]) {
    this.#all = all;
    this.#isTaken = new Uint8Array(all.length);
  }

  /** False as long as no id was asked for twice: then all that were found are different. */
  get isRepeated(): boolean {
    return this.#isRepeated;
  }

  take(id: string, search?: Search): OpenFinding | undefined {
    const place = this.#placeOf(id) ?? (search === undefined ? undefined : this.#find(search));
    if (place === undefined) return undefined;
    this.#isTaken[place] = 1;
    this.#next = place + 1;
    return this.#all[place];
  }

  /** All that were not taken up. */
  left(): readonly OpenFinding[] {
    return this.#all.filter((_, place) => this.#isTaken[place] === 0);
  }

  #placeOf(id: string): number | undefined {
    if (this.#all[this.#next]?.id === id && this.#isTaken[this.#next] === 0) return this.#next;
    this.#places ??= new TextPlaces(this.#all.length, (place) => this.#all[place]?.id);
    const place = this.#places.get(id);
    if (place !== undefined && this.#isTaken[place] === 0) return place;
    if (place !== undefined || this.#asked.has(id)) this.#isRepeated = true;
    this.#asked.add(id);
    return undefined;
  }

  /** By identity: a report that tells no creation at all asks this of every credential. */
  #find(search: Search): number | undefined {
    this.#byIdentity ??= groupBy(this.#all.entries(), ([, { identity }]) => identity.id);
    const own = this.#byIdentity.get(search.identityId);
    return own?.find(([place, finding]) => this.#isTaken[place] === 0 && isAbout(finding, search))?.[0];
  }
}

/** Where a report names an identity twice, the finding of the second stands in the place of the first. */
export function eachOnce(findings: readonly OpenFinding[]): readonly OpenFinding[] {
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}

function isAbout({ credential }: OpenFinding, { credentialKind, credentialCreatedAt }: Search): boolean {
  if (credential?.kind !== credentialKind) return false;
  return credentialCreatedAt === undefined || credential?.created_at === credentialCreatedAt;
}
