const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const GROUPS = 8;

/** The network that an address lies in, /24 or /48; undefined for what is no address (a service that calls in somebody's name). */
export function networkOf(address: string): string | undefined {
  const plain = MAPPED.exec(address)?.[1] ?? address;
  const v4 = V4.exec(plain)?.slice(1).map(Number);
  if (v4 !== undefined) return v4.some((byte) => byte > 255) ? undefined : `${v4.slice(0, 3).join('.')}.0/24`;
  const groups = groupsOf(plain);
  return (
    groups &&
    `${groups
      .slice(0, 3)
      .join(':')
      .replace(/(?:^|:)0(?::0)*$/, '')}::/48`
  );
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] | undefined {
  const halves = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  if (!address.includes(':') || halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...(tail ?? [])];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return all.map((group) => group.replace(/^0+(?=.)/, ''));
}
