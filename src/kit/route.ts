import { BlockList, isIP } from 'node:net';
import type { Secret } from './secret.ts';

/** How an account's calls leave this machine, as its YAML says it; what is left out comes from the environment. */
export interface WireSettings {
  /** May hold a password. `none`: straight, whatever the environment says. */
  readonly proxy: Secret | 'none' | undefined;
  readonly noProxy: readonly string[] | undefined;
  /** An absolute path. */
  readonly caFile: string | undefined;
}

/** The standard variables; either spelling, the small one first, as curl does it. */
type Environment = Readonly<Record<string, string | undefined>>;

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

export interface Route {
  /** The proxy on the way to it; undefined: straight. */
  proxyTo(target: Target): URL | undefined;
  readonly caFile: string | undefined;
  /** Nothing of it can ever be other than straight and with the usual authorities. */
  readonly isPlain: boolean;
}

/** A proxy of the YAML takes all calls, one of the environment only https and never those to this machine. */
export function routeOf({ proxy, noProxy, caFile }: WireSettings, environment: Environment): Route {
  const exempt = exemption(noProxy ?? listed(variable('NO_PROXY', environment)));
  const common = proxy === undefined ? variable('HTTPS_PROXY', environment) : undefined;
  const fromEnvironment = common === undefined || proxy === 'none' ? undefined : usable(common);
  const own = proxy === undefined || proxy === 'none' ? undefined : proxy;
  return {
    caFile,
    isPlain: caFile === undefined && own === undefined && fromEnvironment === undefined,
    proxyTo(target) {
      if (own !== undefined) return exempt(target) ? undefined : new URL(own.reveal());
      const isOurs = target.isTls && !isLoopback(target.host) && !exempt(target);
      return isOurs ? fromEnvironment : undefined;
    },
  };
}

function variable(name: string, environment: Environment): string | undefined {
  const value = environment[name.toLowerCase()] ?? environment[name];
  return value === '' ? undefined : value;
}

/** `proxy:3128` is a usual way to write it. */
function usable(written: string): URL | undefined {
  const text = /^[a-z]+:\/\//i.test(written) ? written : `http://${written}`;
  return isProxyUrl(text) ? new URL(text) : undefined;
}

export function isProxyUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && hostname !== '' && pathname === '/' && search + hash === '';
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((one) => one !== '');
}

function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** A name means itself and all below it; also `*`, an address, a network (`10.0.0.0/8`), and each with a port. */
function exemption(entries: readonly string[]): (target: Target) => boolean {
  const rules = entries.map(ruleOf);
  return ({ host, port }) => rules.some((rule) => rule(bareHost(host), port));
}

type Rule = (host: string, port: number) => boolean;

function ruleOf(entry: string): Rule {
  if (entry === '*') return () => true;
  const network = networkOf(entry);
  if (network !== undefined)
    return (host) => isIP(host) !== 0 && network.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
  const [, written = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  const name = bareHost(written.replace(/^\*?\./, ''));
  return (host, at) => (port === undefined || Number(port) === at) && (host === name || host.endsWith(`.${name}`));
}

function networkOf(entry: string): BlockList | undefined {
  const [, address = '', bits] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits) > (version === 6 ? 128 : 32)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  return network;
}
