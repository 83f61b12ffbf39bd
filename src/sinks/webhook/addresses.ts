import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Fault } from '../../domain/fault.ts';

/** Metadata services and link-local hosts hand out credentials to whoever asks from inside: no receiver of events lives there. */
const NEVER = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure
  '192.0.0.192/32', // Oracle Cloud
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'fd00:ec2::/32', // AWS
  'fd20:ce::254/128', // Google Cloud
  '64:ff9b::/96', // NAT64: any of the above behind another name
  '64:ff9b:1::/48',
  'ff00::/8',
];
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '::1/128',
  'fc00::/7',
];

export interface AddressRule {
  /** Throws for a host that is written as a forbidden address: those are never looked up. */
  assertHost(hostname: string): void;
  /** Looks a name up when a connection is made, and refuses it when any answer is forbidden (DNS rebinding). */
  readonly lookup: LookupFunction;
}

export function addressRule(allowPrivate: boolean): AddressRule {
  const denied = blockList(allowPrivate ? NEVER : [...NEVER, ...PRIVATE]);
  const isDenied = (address: string) => denied.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return {
    assertHost(hostname) {
      const address = hostname.replace(/^\[|\]$/g, '');
      if (isIP(address) !== 0 && isDenied(address)) throw forbidden(address, allowPrivate);
    },
    lookup(hostname, options, done) {
      resolve(hostname, { ...options, all: true }, (failure, found) => {
        if (failure !== null) return done(failure, []);
        if (found.some(({ address }) => isDenied(address))) return done(forbidden(hostname, allowPrivate), []);
        const [first] = found;
        if (options.all === true || first === undefined) done(null, found);
        else done(null, first.address, first.family);
      });
    },
  };
}

function forbidden(host: string, allowPrivate: boolean): Fault {
  const what = allowPrivate ? 'a link-local or metadata address' : 'a private, link-local or metadata address';
  return new Fault('misconfigured', `webhook ${host} is ${what}: events are never sent there, correct url`);
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
