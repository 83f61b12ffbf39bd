import type { Grant, ServiceAccess } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { FALSE, NEVER, reason, TRUE } from '../../../kit/row-reader.ts';
import { identityOf } from '../audit/identities.ts';
import { anotherOf, matches } from './glob.ts';
import { type Judgement, judge } from './judge.ts';
import { addedWhy, isNoCall, SERVICE_LINKED } from './oddities.ts';
import type { BrokenPolicy, Subject } from './subject.ts';
import { usesOf } from './uses.ts';

const NO_REGION = reason('unknown', 'ActionTrail names no region');
const NO_CALL = reason('unsupported', 'it is checked within other calls, and is none itself');

export interface Scope {
  /** Services that policies of the account name, and those that anybody used. */
  readonly services: readonly string[];
  readonly hasActions: boolean;
}

/** Pure: what cannot be read first, then service by service what it may use and when it last did. */
export function rowsOf(subject: Subject, scope: Scope): readonly ServiceAccess[] {
  const { listed, broken } = subject;
  if (SERVICE_LINKED.test(listed.name)) {
    const why = 'a service-linked role: its policies belong to the service, and nobody can change them';
    return [wholeRow(subject, reason('unknown', 'not looked at'), why)];
  }
  const rows = [...scope.services, '*'].flatMap((service) => serviceRows(subject, service, scope));
  const faults = broken.map((policy) =>
    wholeRow(subject, reason('unknown', 'a policy cannot be read'), faultOf(policy)),
  );
  if (rows.length > 0 || faults.length > 0) return [...faults, ...rows];
  return [wholeRow(subject, FALSE, emptyWhy(subject))];
}

/** The services that one may be asked about, sorted; a pattern of services (`yundun-*`) is one of them. */
export function servicesOf(subjects: readonly Subject[]): readonly string[] {
  const found = new Set<string>();
  for (const { policies, uses } of subjects) {
    for (const service of Object.keys(uses)) found.add(service);
    for (const { statements } of policies)
      for (const { actions } of statements)
        for (const action of actions) {
          const service = action.split(':')[0]?.toLowerCase() ?? '';
          if (service !== '*') found.add(service);
        }
  }
  return [...found].toSorted();
}

function faultOf({ policy, via, error, what }: BrokenPolicy): string {
  return `${error}: the policy ${policy}${via === undefined ? '' : ` via ${via}`} is not understood: ${what}`;
}

function emptyWhy({ isWithoutPolicies }: Subject): string {
  return isWithoutPolicies ? 'no policy is attached to it or to a group of it' : 'its policies give nothing';
}

function wholeRow(subject: Subject, granted: Field<boolean>, why: string): ServiceAccess {
  const unused = lastUse(subject.blind, undefined);
  return { ...common(subject), service: '', granted, grantedBy: [], ...unused, why: [why] };
}

function common({ listed, trackedSince }: Subject): Pick<ServiceAccess, 'identity' | 'trackedSince'> {
  const since = trackedSince === undefined ? reason('unknown', 'not every use is seen') : { value: trackedSince };
  return { identity: identityOf(listed), trackedSince: since };
}

function serviceRows(subject: Subject, service: string, { hasActions }: Scope): readonly ServiceAccess[] {
  const areMany = service.includes('*');
  const judgement = judge(subject.policies, `${anotherOf(service)}:*`);
  const use = areMany ? latestOf(subject, service) : usesOf(subject.uses, service);
  if (!judgement.granted && (areMany || use === undefined)) return [];
  const row = rowOf(subject, { service, judgement, use });
  if (!hasActions || areMany) return [row];
  const actions = actionsOf(subject, service).map((action) => {
    const judged = judge(subject.policies, `${service}:${action}`);
    return rowOf(subject, { service, action, judgement: judged, use: useOf(subject, service, action) });
  });
  return [row, ...actions];
}

interface Told {
  readonly service: string;
  readonly action?: string;
  readonly judgement: Judgement;
  readonly use: { readonly at: Instant; readonly region?: string | undefined } | undefined;
}

function rowOf(subject: Subject, { service, action, judgement, use }: Told): ServiceAccess {
  const isUnasked = action !== undefined && isNoCall(service, action);
  const { granted, why } = grantedOf(subject, judgement, use !== undefined);
  const blind = blindnessOf(subject, service, action);
  return {
    ...common(subject),
    service,
    ...(action === undefined ? {} : { action }),
    granted,
    grantedBy: judgement.by satisfies readonly Grant[],
    ...(isUnasked ? { lastUsedAt: NO_CALL, lastUsedRegion: NO_CALL } : lastUse(blind, use)),
    why: [
      ...why,
      ...(use === undefined || subject.trackedSince === undefined ? blind : []),
      ...addedWhy(service, action, use !== undefined),
    ],
  };
}

/** A policy that cannot be read may give what the others do not, and deny what they give. */
function grantedOf({ broken }: Subject, { granted, why }: Judgement, isUsed: boolean) {
  const doubt = broken.map(({ policy }) => `the policy ${policy} is not understood, and may say otherwise`);
  if (granted) return { granted: TRUE, why: [...why, ...doubt] };
  if (doubt.length > 0) return { granted: reason('unknown', 'a policy cannot be read'), why: [...why, ...doubt] };
  const left = isUsed ? ['nothing gives it now; attempts that were refused count as uses'] : [];
  return { granted: FALSE, why: [...why, ...left] };
}

/** A service that was used by calls that nobody names: which ones is not known of any of its actions. */
function blindnessOf(subject: Subject, service: string, action: string | undefined): readonly string[] {
  if (action === undefined) return subject.blind;
  const used = usesOf(subject.uses, service);
  const isNameless = used !== undefined && Object.keys(used.actions).length === 0;
  return [
    ...subject.blind,
    ...subject.blindToActions,
    ...(isNameless ? ['the service was used, and ActionTrail names no event of it'] : []),
  ];
}

/** `never` only where everybody who could know has answered. */
function lastUse(blind: readonly string[], use: Told['use']): Pick<ServiceAccess, 'lastUsedAt' | 'lastUsedRegion'> {
  if (use === undefined) {
    const none = blind.length === 0 ? NEVER : reason('unknown', 'not every use is seen');
    return { lastUsedAt: none, lastUsedRegion: none };
  }
  return {
    lastUsedAt: { value: use.at },
    lastUsedRegion: use.region === undefined ? NO_REGION : { value: use.region },
  };
}

/** Whoever may use all services of a pattern used one of them last. */
function latestOf({ uses }: Subject, services: string): Told['use'] {
  const used = Object.entries(uses).filter(([service]) => matches(services, service));
  const [latest] = used.map(([, use]) => use).toSorted((one, other) => other.at - one.at);
  return latest;
}

/** What the own policies name of a service, patterns too, and what was used. */
function actionsOf({ policies, uses }: Subject, service: string): readonly string[] {
  const found = new Map<string, string>();
  const add = (action: string) => {
    if (action !== '*' && action !== '' && !found.has(action.toLowerCase())) found.set(action.toLowerCase(), action);
  };
  for (const action of Object.keys(usesOf(uses, service)?.actions ?? {}).toSorted()) add(action);
  for (const { statements } of policies)
    for (const { actions } of statements)
      for (const written of actions) {
        const [named = '', ...rest] = written.split(':');
        if (named.toLowerCase() === service) add(rest.join(':'));
      }
  return [...found.values()].toSorted();
}

/** The last time of all that a pattern means. */
function useOf({ uses }: Subject, service: string, action: string): Told['use'] {
  const used = Object.entries(usesOf(uses, service)?.actions ?? {}).filter(([name]) => matches(action, name));
  const [latest] = used.map(([, use]) => use).toSorted((one, other) => other.at - one.at);
  return latest;
}
