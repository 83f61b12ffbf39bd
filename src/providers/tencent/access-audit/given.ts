import type { Grant } from '../../../domain/access.ts';
import type { Field } from '../../../domain/record.ts';
import { isLike } from '../../../kit/glob.ts';
import { FALSE, reason, TRUE } from '../../../kit/row-reader.ts';
import { type ActionPattern, isMeant, leastSpecial, readDocument, type Statement } from './documents.ts';
import type { GrantsPage, PolicyPage } from './grants.ts';
import { whyOf } from './not-visible.ts';

/** What policies give of one service. */
interface GivenService {
  readonly name?: string | undefined;
  readonly granted: Field<boolean>;
  readonly grantedBy: readonly Grant[];
  /** Those that are given by name. */
  readonly actions: readonly string[];
  readonly why: readonly string[];
  ofAction(action: string): { readonly granted: Field<boolean>; readonly grantedBy: readonly Grant[] };
}

/** What the policies of one identity give. */
export interface Given {
  /** By name, those that policies name. */
  readonly services: readonly string[];
  of(service: string): GivenService;
  /** Policies that give whatever there is, and what of it all cannot be said. */
  readonly everything: readonly Grant[];
  readonly why: readonly string[];
}

export function givenBy(page: Exclude<GrantsPage, { gone: true }>, policies: ReadonlyMap<number, PolicyPage>): Given {
  if ('refused' in page) return unknown(whyOf(page.action, page.refused));
  return 'services' in page ? listed(page.services) : evaluated(page.attached, policies);
}

function unknown(why: string): Given {
  const granted = reason('unknown', why);
  const nothing = { granted, grantedBy: [] };
  return {
    services: [],
    of: () => ({ ...nothing, actions: [], why: [], ofAction: () => nothing }),
    everything: [],
    why: [why],
  };
}

const NOT_LISTED = reason('unknown', 'CAM lists no policy for a service of this name');
const NO_SUCH_ACTION = reason('unknown', 'CAM lists no action of this name');
const NOT_ASKED = reason('unknown', 'granularity is service');

/** As CAM itself lists it. */
function listed(services: Extract<GrantsPage, { services: unknown }>['services']): Given {
  const byName = new Map(services.map((one) => [one.service, one]));
  return {
    services: [...byName.keys()],
    everything: [],
    why: [],
    of(service) {
      const found = byName.get(service);
      const nothing = { granted: NOT_LISTED, grantedBy: [] };
      if (found === undefined) return { ...nothing, actions: [], why: [], ofAction: () => nothing };
      const grantedBy = found.policies.map((policy) => ({ policy }));
      const { actions } = found;
      return {
        name: found.name,
        granted: TRUE,
        grantedBy,
        actions: (actions ?? []).filter((action) => !action.includes('*')),
        why: [],
        ofAction(action) {
          if (actions === undefined) return { granted: NOT_ASKED, grantedBy };
          const isThere = actions.some((listed) => isLike(action, listed));
          return isThere ? { granted: TRUE, grantedBy } : { granted: NO_SUCH_ACTION, grantedBy: [] };
        },
      };
    },
  };
}

interface Read {
  readonly grants: readonly Grant[];
  readonly statements: readonly Statement[];
}

type Attached = Extract<GrantsPage, { attached: unknown }>['attached'];

/** Worked out from what the policies say, as CAM does it: what one denies, no other gives. */
function evaluated(attached: Attached, policies: ReadonlyMap<number, PolicyPage>): Given {
  const read: Read[] = [];
  const why: string[] = [];
  for (const { id, name, groups } of attached) {
    const page = policies.get(id);
    const statements = page !== undefined && 'document' in page ? readDocument(page.document) : undefined;
    const grants =
      groups.length === 0 ? [{ policy: name }] : groups.map((group) => ({ policy: name, via: `group:${group}` }));
    if (statements !== undefined) read.push({ grants, statements });
    else if (page !== undefined && 'refused' in page)
      why.push(`the policy ${name}: ${whyOf('cam:GetPolicy', page.refused)}`);
    else why.push(`the policy ${name} has words that Muster does not know`);
  }
  const named = read.flatMap(({ statements }) =>
    statements.flatMap(({ isAllow, actions }) => (isAllow ? actions.map(({ service }) => service) : [])),
  );
  return {
    services: [...new Set(named)].filter((service) => service !== '*').toSorted(),
    everything: leftOf(read, '*').grantedBy,
    why,
    of: (service) => serviceIn(read, service, why.length === 0),
  };
}

const ANY_ACTION = leastSpecial({ service: '*', action: '*' });

/** What policies allow of a service (`*`: of one that no policy names), less what others deny on everything. */
function leftOf(read: readonly Read[], service: string) {
  const isAbout = (one: ActionPattern) => one.service === '*' || one.service === service;
  const denying = deniesIn(read, ({ actions }) => actions.some(isAbout));
  const isDenied = (action: string) =>
    denying.some(({ one }) => one.isPlain && one.actions.some((pattern) => isMeant(pattern, { service, action })));
  const isLeft = ({ isAllow, actions }: Statement) =>
    isAllow && actions.some((one) => isAbout(one) && !isDenied(leastSpecial(one)));
  return {
    grantedBy: grantsOf(read, isLeft),
    denying: [...new Set(denying.map(({ policy }) => `the policy ${policy}`))].join(', '),
    isTaken: isDenied(ANY_ACTION),
    isNarrow: !read.some(({ statements }) => statements.some((one) => one.isPlain && isLeft(one))),
    isAllowed: read.some(({ statements }) => statements.some((one) => one.isAllow && one.actions.some(isAbout))),
  };
}

function deniesIn(read: readonly Read[], isWanted: (statement: Statement) => boolean) {
  return read.flatMap(({ grants, statements }) =>
    statements.filter((one) => !one.isAllow && isWanted(one)).map((one) => ({ one, policy: grants[0]?.policy ?? '' })),
  );
}

function serviceIn(read: readonly Read[], service: string, isAll: boolean): GivenService {
  const { grantedBy, denying, isTaken, isNarrow, isAllowed } = leftOf(read, service);
  const isGranted = grantedBy.length > 0;
  return {
    granted: isGranted ? TRUE : absent(isAll || isTaken),
    grantedBy,
    actions: namedActions(read, service),
    why: [
      ...(!isGranted && isAllowed ? [`denied by ${denying}`] : []),
      ...(isGranted && isNarrow ? ['on some resources or under conditions only'] : []),
      ...(isGranted && denying !== '' ? [`some of it is denied by ${denying}`] : []),
    ],
    ofAction: (action) => actionIn(read, { service, action }, isAll),
  };
}

function absent(isAll: boolean): Field<boolean> {
  return isAll ? FALSE : reason('unknown', 'not all of its policies could be read');
}

function namedActions(read: readonly Read[], service: string): readonly string[] {
  const names = read.flatMap(({ statements }) =>
    statements.flatMap((one) => (one.isAllow ? one.actions.filter((pattern) => pattern.service === service) : [])),
  );
  return [...new Set(names.map(({ action }) => action).filter((action) => !action.includes('*')))].toSorted();
}

function actionIn(read: readonly Read[], asked: { service: string; action: string }, isAll: boolean) {
  const isAbout = ({ actions }: Statement) => actions.some((one) => isMeant(one, asked));
  const grantedBy = grantsOf(read, (one) => one.isAllow && isAbout(one));
  const denies = deniesIn(read, isAbout);
  if (denies.some(({ one }) => one.isPlain)) return { granted: FALSE, grantedBy: [] };
  if (grantedBy.length === 0) return { granted: absent(isAll), grantedBy };
  return {
    granted: denies.length > 0 ? reason('unknown', 'denied on some resources or under conditions') : TRUE,
    grantedBy,
  };
}

function grantsOf(read: readonly Read[], isMeantBy: (statement: Statement) => boolean): readonly Grant[] {
  return read.flatMap(({ grants, statements }) => (statements.some(isMeantBy) ? grants : []));
}
