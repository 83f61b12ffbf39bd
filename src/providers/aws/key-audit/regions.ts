import { partitionOf } from '../partition.ts';

/** Regions that every account has: launched before 20 March 2019, they cannot be disabled. */
const ALWAYS =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2';
/** Regions that an account may have enabled: one that is not refuses the first call. As the SDK 3.1137 lists them. */
const BY_CHOICE =
  'af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1';

interface Partition {
  /** Where calls of IAM and other services without regions are seen. */
  readonly home: string;
  readonly regions: readonly string[];
}

const PARTITIONS: Readonly<Record<string, Partition>> = {
  aws: { home: 'us-east-1', regions: [...ALWAYS.split(' '), ...BY_CHOICE.split(' ')] },
  'aws-cn': { home: 'cn-north-1', regions: ['cn-north-1', 'cn-northwest-1'] },
  'aws-us-gov': { home: 'us-gov-west-1', regions: ['us-gov-west-1', 'us-gov-east-1'] },
};

/** In which regions to look; without a word about it: where services without regions are seen, and the account's own. */
export function regionsOf(wanted: 'all-enabled' | readonly string[] | undefined, region: string): readonly string[] {
  const own = region === 'aws-global' ? 'us-east-1' : region;
  const { home, regions } = PARTITIONS[partitionOf(own)] ?? { home: own, regions: [own] };
  if (wanted === undefined) return [...new Set([home, own])];
  return wanted === 'all-enabled' ? [...new Set([...regions, own])] : [...new Set(wanted)];
}
