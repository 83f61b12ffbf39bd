import { withManagement, withWantedTags } from '../../domain/members.ts';
import type { Member, Organization } from '../../domain/organization.ts';
import { type Asker, ask, insist } from '../../kit/asking.ts';
import { pace } from '../../kit/pace.ts';
import { type CountedPage, wholeList } from '../../kit/whole-list.ts';
import type { Directory, ProviderTools } from '../provider.ts';

type Management = Pick<Member, 'id' | 'name'>;

/** A cloud that lists an organisation's accounts in numbered pages, and says apart from that who manages them. */
export interface CountedOrganization {
  readonly callsPerSecond: number;
  /** The action that lists, of messages. */
  readonly action: string;
  /** The first is 0. */
  page(index: number, signal: AbortSignal): Promise<CountedPage<Member>>;
  management(signal: AbortSignal): Promise<Management>;
  close(): void;
}

/** Decides, and speaks to no network. */
export function countedDirectory(
  of: Organization,
  cloud: CountedOrganization,
  { clock, observe }: ProviderTools,
): Directory {
  const turn = pace(cloud.callsPerSecond, clock);
  let known: Management | undefined;
  return {
    async list(signal) {
      const asker: Asker = { pace: turn, clock, signal };
      const members = await wholeList<Member>({
        what: `organization ${of.name}: ${cloud.action}`,
        idOf: ({ id }) => id,
        pageAt: async (index) => insist(await ask(() => cloud.page(index, signal), asker)),
      });
      known = (await managementOf(of, cloud, asker, observe)) ?? known;
      return withManagement(withWantedTags(members, of.labelsFromTags), known);
    },
    close: () => cloud.close(),
  };
}

/** Whether the list holds the management account is not documented, so it is asked who that is. Undefined when that is denied. */
async function managementOf(
  of: Organization,
  cloud: CountedOrganization,
  asker: Asker,
  observe: ProviderTools['observe'],
): Promise<Management | undefined> {
  const told = await ask(() => cloud.management(asker.signal), asker);
  if ('told' in told) return told.told;
  if (told.fault.kind !== 'denied') throw told.fault;
  observe({ kind: 'degraded', source: `organization ${of.provider}/${of.name}`, what: told.fault.message });
  return undefined;
}
