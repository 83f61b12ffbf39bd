import { Fault } from '../domain/fault.ts';
import { parseSourceName, type SourceName } from '../domain/names.ts';
import { groupBy } from '../kit/group-by.ts';
import { manifestKey } from './chain.ts';
import type { Store } from './store.ts';
import { newTally, type Problem, type Tally } from './tally.ts';
import { type WalkedChain, walkChains } from './verify-chain.ts';
import { checkLane, drainLane, openLanes } from './verify-receipts.ts';
import { verifyRest } from './verify-rest.ts';

/** What a `summary` event carried out to the SIEM: this source's report had a manifest with this digest. */
export interface Anchor {
  readonly source: string;
  readonly number: number;
  readonly manifest_sha256: string;
}

export interface VerifyOptions {
  readonly anchors?: readonly Anchor[];
  /** Called after each chain, with what was seen so far. */
  readonly progress?: (seen: { readonly sources: number; readonly reports: number }) => void;
}

export interface VerifyResult {
  readonly sources: number;
  readonly reports: number;
  readonly parts: number;
  readonly receipts: number;
  /** Objects under a report that no manifest names: what a crash leaves. No failure. */
  readonly litter: number;
  /** The first comes first; there is a cap. */
  readonly problems: readonly Problem[];
  /** `anchored`: the head of every chain is known outside. Else nothing shows that the newest reports were not removed. */
  readonly tail: 'anchored' | 'unproven';
  /** Chains whose head no anchor names. */
  readonly unanchored: number;
}

/** Walks everything, changes nothing, and names what was changed, lost or added. */
export async function verify(store: Store, options: VerifyOptions = {}): Promise<VerifyResult> {
  const tally = newTally();
  const anchors = groupBy(options.anchors ?? [], ({ source }) => anchoredSource(source));
  const lanes = await openLanes(store, tally);
  let unanchored = 0;
  for await (const chain of walkChains(store, tally)) {
    for (const lane of lanes) await checkLane(store, lane, chain, tally);
    if (!checkAnchors(chain, anchors.get(chain.source) ?? [], tally)) unanchored += 1;
    anchors.delete(chain.source);
    options.progress?.(tally);
  }
  for (const lane of lanes) await drainLane(lane, tally);
  for (const source of anchors.keys()) tally.blame(manifestKey(source, 1), 'lost: an anchor names its chain');
  await verifyRest(store, tally);
  const { sources, reports, parts, receipts, litter, problems } = tally;
  const tail = options.anchors !== undefined && unanchored === 0 ? 'anchored' : 'unproven';
  return { sources, reports, parts, receipts, litter, problems, tail, unanchored };
}

/** True when the head itself is anchored. */
function checkAnchors(chain: WalkedChain, anchors: readonly Anchor[], tally: Tally): boolean {
  let isHeadAnchored = false;
  for (const { number, manifest_sha256 } of anchors) {
    const digest = chain.digests.get(number);
    if (number > chain.head) {
      tally.blame(manifestKey(chain.source, chain.head + 1), `lost: an anchor says that report ${number} was here`);
    } else if (digest === undefined) {
      tally.blame(manifestKey(chain.source, number), 'lost: an anchor names it');
    } else if (digest !== manifest_sha256) {
      tally.blame(manifestKey(chain.source, number), 'changed: its anchor names other bytes');
    } else if (number === chain.head) isHeadAnchored = true;
  }
  return isHeadAnchored;
}

function anchoredSource(text: string): SourceName {
  const source = parseSourceName(text);
  if (source !== undefined) return source;
  throw new Fault('malformed', `an anchor names ${JSON.stringify(text.slice(0, 80))}, which is no source`);
}
