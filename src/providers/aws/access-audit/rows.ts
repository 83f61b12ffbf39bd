import type { AccessIdentity, Grant, ServiceAccess } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { FALSE, NEVER, reason, TRUE, UNSUPPORTED } from '../../../kit/row-reader.ts';
import { identityOf, type Listed } from '../audit/identities.ts';
import type { AccessedService, AccessPage, GrantsPage } from './pages.ts';

const DAY_MS = 86_400_000;
/** AWS: "at least the last 400 days". */
const TRACKED_MS = 400 * DAY_MS;
const NO_REGION = reason('unknown', 'AWS names no region');

/** All that was answered about one identity. */
export interface Answered {
  readonly person: Listed;
  readonly access: AccessPage;
  readonly grants: GrantsPage | undefined;
}

/** Pure. An identity that is gone has no row. */
export function rowsOf({ person, access, grants }: Answered, startedAt: Instant): readonly ServiceAccess[] {
  if ('gone' in access) return [];
  const identity = identityOf(person);
  const trackedSince = { value: Math.max(person.created, startedAt - TRACKED_MS) };
  const about = { identity, trackedSince };
  if ('failed' in access) return [wholeRow(about, reason('unknown', 'AWS failed to tell'), failedWhy(access.failed))];
  if (access.services.length === 0) return [wholeRow(about, FALSE, 'no policy of it gives it any service')];
  const byNamespace = grantedBy(grants, person);
  const why =
    grants !== undefined && 'refused' in grants ? [`its policies could not be asked for: ${grants.refused}`] : [];
  return access.services
    .toSorted((one, other) => compare(one.namespace, other.namespace))
    .flatMap((service) => serviceRows(service, { ...about, grants: byNamespace.get(service.namespace) ?? [], why }));
}

interface About {
  readonly identity: AccessIdentity;
  readonly trackedSince: Field<Instant>;
}

function failedWhy(code: string): string {
  return `AWS could not make the report of this identity: ${code}`;
}

function wholeRow(about: About, granted: Field<boolean>, why: string): ServiceAccess {
  const unknown = 'value' in granted ? NEVER : granted;
  return { ...about, service: '', granted, grantedBy: [], lastUsedAt: unknown, lastUsedRegion: unknown, why: [why] };
}

interface AboutService extends About {
  readonly grants: readonly Grant[];
  readonly why: readonly string[];
}

/** AWS lists what the policies of the identity may give, and of that the actions that it tracks. */
function serviceRows(service: AccessedService, about: AboutService): readonly ServiceAccess[] {
  const { identity, trackedSince, why } = about;
  const common = {
    identity,
    trackedSince,
    service: service.namespace,
    ...(service.name === undefined ? {} : { serviceName: service.name }),
    granted: TRUE,
    grantedBy: about.grants,
    why,
  };
  const actions = (service.actions ?? []).toSorted((one, other) => compare(one.name, other.name));
  return [
    { ...common, ...lastUse(service) },
    ...actions.map((action) => ({
      ...common,
      action: action.name,
      granted: ACTION_GRANTED,
      ...lastUse(action),
    })),
  ];
}

const ACTION_GRANTED = reason('unknown', 'AWS says which services are given, not which of their actions');

function lastUse({ at, region }: { readonly at?: number | undefined; readonly region?: string | undefined }) {
  if (at === undefined) return { lastUsedAt: NEVER, lastUsedRegion: NEVER };
  const lastUsedRegion = region === undefined ? NO_REGION : region === 'N/A' ? UNSUPPORTED : { value: region };
  return { lastUsedAt: { value: at }, lastUsedRegion };
}

/** A group's own policy is told with its name too: it comes from nowhere else. */
function grantedBy(page: GrantsPage | undefined, { kind, name }: Listed): ReadonlyMap<string, readonly Grant[]> {
  const services = page !== undefined && 'services' in page ? page.services : [];
  return new Map(
    services.map(({ namespace, policies }) => [
      namespace,
      policies
        .map(({ policy, group }) =>
          group === undefined || (kind === 'group' && group === name) ? { policy } : { policy, via: `group:${group}` },
        )
        .toSorted((one, other) => compare(JSON.stringify(one), JSON.stringify(other))),
    ]),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
