import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../src/archive/archive.ts';
import { openFileStore } from '../src/archive/file-store.ts';
import type { Account } from '../src/domain/account.ts';
import { scaledClock } from '../src/kit/clock.ts';
import { Slots } from '../src/kit/slots.ts';
import { collectOnce } from '../src/pipeline/collect.ts';
import { configuredSources, type Stage } from '../src/pipeline/stage.ts';
import { type AccessDesk, collectAccess } from '../src/providers/aws/access-audit/collect.ts';
import { newExperience } from '../src/providers/aws/access-audit/jobs.ts';
import { AccessSettings } from '../src/providers/aws/access-audit/kind.ts';
import { deskOf } from '../src/providers/aws/audit/desk.ts';
import type { AuditApi } from '../src/providers/aws/audit-api.ts';
import type { Connection } from '../src/providers/provider.ts';
import { testStage } from '../test/kit/stage.ts';

/**
 * Access audits of many AWS accounts side by side, into a folder, in one process: what they hold in memory while they ask, and what is held when
 * they are parsed, judged and kept. The cloud answers at once; time passes faster, so that its jobs are done.
 */
const [audits = '16', identities = '1000', services = '30', desks = '8'] = process.argv.slice(2);
const KIND = 'access-audit';
const DAY_MS = 86_400_000;
const RATE = 100;
const MB = 1024 * 1024;
const never = new AbortController().signal;

const folder = await mkdtemp(join(tmpdir(), 'muster-audits-'));
const clock = scaledClock(Date.UTC(2026, 10, 20), RATE);
const accounts = [...Array(Number(audits)).keys()].map(accountOf);
const connections = new Map(accounts.map((account) => [account.id, connectionTo(account)]));
const stage: Stage = {
  ...testStage().stage,
  accounts,
  archive: openArchive(await openFileStore(folder), { clock }),
  clock,
  observe: () => undefined,
  outlets: [],
  desks: new Slots(Number(desks)),
  enqueue: async () => undefined,
  connection: async ({ id }) => connections.get(id) ?? Promise.reject(new Error(`the bench has no account ${id}`)),
};

const peaks = { asking: 0, keeping: 0 };
let asking = accounts.length;
const watch = setInterval(() => {
  const phase = asking > 0 ? 'asking' : 'keeping';
  peaks[phase] = Math.max(peaks[phase], process.memoryUsage().rss / MB);
}, 20);
const began = performance.now();
try {
  await Promise.all(configuredSources(accounts).map(collected));
} finally {
  clearInterval(watch);
  await rm(folder, { recursive: true, force: true });
}
const peak_rss_mb = process.resourceUsage().maxRSS / 1024;
const seconds = (performance.now() - began) / 1_000;
process.stdout.write(`${JSON.stringify({ audits, identities, services, desks, ...peaks, peak_rss_mb, seconds })}\n`);

async function collected(target: ReturnType<typeof configuredSources>[number]): Promise<void> {
  for (;;) {
    const { do: what } = await collectOnce(target, stage, never, undefined);
    if (what === 'kept') return;
  }
}

function accountOf(index: number): Account {
  const id = String(100_000_000_000 + index);
  return { provider: 'aws', id, name: id, labels: {}, reports: { [KIND]: { everyMs: DAY_MS } }, settings: {} };
}

function connectionTo({ id }: Account): Connection {
  const parts = { accountId: id, kind: KIND, maxRps: 10_000, clock, observe: () => undefined };
  const settings = AccessSettings.parse({ jobs: 50 });
  const desk: AccessDesk = { ...deskOf(parts), settings, experience: newExperience() };
  return {
    identify: async () => ({ accountId: id, principal: 'bench' }),
    probe: async () => [],
    close: () => undefined,
    async next(_, look) {
      const step = await collectAccess(cloudOf(id), desk, look);
      if (step.do === 'keep') asking -= 1;
      return step;
    },
  };
}

function cloudOf(id: string): AuditApi {
  const made = new Date(clock.now() - 500 * DAY_MS);
  const names = [...Array(Number(services)).keys()].map((index) => `service-${index}`);
  const unasked = () => Promise.reject(new Error('an access audit does not ask this'));
  return {
    users: async () => ({
      Users: [...Array(Number(identities)).keys()].map((index) => ({
        UserName: `user-${index}`,
        UserId: `AIDA${index}`,
        Arn: `arn:aws:iam::${id}:user/user-${index}`,
        CreateDate: made,
      })),
    }),
    roles: async () => ({ Roles: [] }),
    groups: unasked,
    accessKeys: unasked,
    keyLastUsed: unasked,
    signer: async () => 'bench',
    generateAccess: async (arn) => ({ JobId: arn }),
    access: async () => ({
      JobStatus: 'COMPLETED',
      ServicesLastAccessed: names.map((name, index) => ({
        ServiceNamespace: name,
        ServiceName: `Amazon ${name}`,
        ...(index % 3 === 0 ? { LastAuthenticated: made, LastAuthenticatedRegion: 'eu-central-1' } : {}),
      })),
    }),
    grants: async ({ namespaces }) => ({
      PoliciesGrantingServiceAccess: namespaces.map((ServiceNamespace) => ({
        ServiceNamespace,
        Policies: [
          { PolicyName: 'team', PolicyArn: `arn:aws:iam::${id}:policy/team`, PolicyType: 'MANAGED' as const },
          { PolicyName: 'more', PolicyType: 'INLINE' as const, EntityType: 'GROUP' as const, EntityName: 'ops' },
        ],
      })),
    }),
  };
}
