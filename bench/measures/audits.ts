import { blockLine, type LoopPass } from '../kit/block-line.ts';
import type { Build } from '../kit/build.ts';
import { measured } from '../kit/child.ts';
import type { Line } from '../kit/line.ts';
import { rounded } from '../kit/median.ts';

const ROUNDS = 3;
const WARM = 1;
/** Identities with 30 services each, and keys with 10 services and five rows a service: 150,000 and 102,000 rows. */
const LARGE = [
  ['access-audit', 5_000],
  ['key-audit', 2_000],
] as const;
const AUDITS = 16;
const IDENTITIES = 1_000;
const MOST_MB = 1_024;

interface SideBySide {
  readonly asking: number;
  readonly peak_rss_mb: number;
  readonly seconds: number;
}

/** How long one large audit blocks the event loop, and what many side by side take in memory. */
export async function measureAudits(built: Build): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const [kind, subjects] of LARGE) {
    const args = [subjects, ROUNDS, kind, WARM].map(String);
    lines.push(blockLine({ kind, subjects }, await measured<readonly LoopPass[]>(built.file('bench/loop.js'), args)));
  }
  const args = [AUDITS, IDENTITIES].map(String);
  const { asking, peak_rss_mb, seconds } = await measured<SideBySide>(built.file('bench/audits.js'), args);
  const aim = `peak_rss_mb <= ${MOST_MB}`;
  const size = { audits: AUDITS, identities: IDENTITIES, seconds: rounded(seconds) };
  const memory = { asking_rss_mb: rounded(asking), peak_rss_mb: rounded(peak_rss_mb) };
  return [...lines, { bench: 'audits side by side', ...size, ...memory, aim, met: peak_rss_mb <= MOST_MB }];
}
