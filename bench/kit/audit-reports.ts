import type { AccessIdentity, KeyUse, ServiceAccess } from '../../src/domain/access.ts';

/** Rows of two audits of a made-up account, a day apart: a few of a hundred did or got something new. */
export interface AuditSize {
  /** Identities, or keys. */
  readonly subjects: number;
  /** Services of each. */
  readonly services: number;
}

const DAY_MS = 86_400_000;
const NEVER = { reason: 'never' } as const;

export function accessRows({ subjects, services }: AuditSize, at: number, round: number): readonly ServiceAccess[] {
  return rowsOf({ subjects, services }, (index, service) => {
    const isUsed = (index + service) % 3 === 0 || (index + service * 7 + round) % 100 === 0;
    const used = at - ((index * 13 + service * 29) % 200) * DAY_MS - 3_600_000;
    return {
      identity: identity(index, at),
      service: `service-${service}`,
      serviceName: `Amazon Service ${service}`,
      granted: { value: true },
      grantedBy: [
        { policy: `arn:aws:iam::123456789012:policy/team-${index % 40}` },
        { policy: `base-${service % 5}`, via: `group:group-${index % 20}` },
      ],
      lastUsedAt: isUsed ? { value: used } : NEVER,
      lastUsedRegion: isUsed ? { value: 'eu-central-1' } : NEVER,
      trackedSince: { value: at - 400 * DAY_MS },
      why: [],
    };
  });
}

/** Of each key a row, and of each of its services one, two events, an address and a resource. */
export function keyRows({ subjects, services }: AuditSize, at: number, round: number): readonly KeyUse[] {
  return [...Array(subjects).keys()].flatMap((index) => [
    keyUse(index, at, 'key', '', ''),
    ...[...Array(services).keys()].flatMap((service) => {
      const name = `service-${service}`;
      const moved = (index + service + round) % 100 === 0 ? round : 0;
      return [
        keyUse(index, at, 'service', name, ''),
        keyUse(index, at, 'event', name, `Describe${service}`),
        keyUse(index, at, 'event', name, `Create${service}`),
        keyUse(index, at, 'address', name, `203.${moved}.${index % 250}.${(service * 7) % 250}`),
        keyUse(index, at, 'resource', name, `thing-${service}`),
      ];
    }),
  ]);
}

function keyUse(index: number, at: number, what: KeyUse['what'], service: string, name: string): KeyUse {
  const used = at - ((index * 13 + name.length * 29) % 80) * DAY_MS - 3_600_000;
  return {
    owner: identity(index >> 1, at),
    key: {
      id: `AKIA${String(index).padStart(16, '0')}`,
      createdAt: { value: at - 700 * DAY_MS },
      active: { value: true },
    },
    what,
    service,
    name,
    type: what === 'resource' ? 'AWS::S3::Bucket' : '',
    firstUsedAt: { value: used - 5 * DAY_MS },
    lastUsedAt: { value: used },
    region: { value: 'eu-central-1' },
    count: { value: 1 + (index % 90) },
    reportedLastUsedAt: what === 'key' ? { value: used } : { reason: 'absent' },
    why: [],
  };
}

function identity(index: number, at: number): AccessIdentity {
  const name = `user-${String(index).padStart(5, '0')}`;
  return {
    kind: index % 4 === 3 ? 'role' : 'user',
    id: `arn:aws:iam::123456789012:user/${name}`,
    name,
    uniqueId: `AIDA${String(index).padStart(16, '0')}`,
    createdAt: { value: at - 900 * DAY_MS },
  };
}

function rowsOf<T>({ subjects, services }: AuditSize, make: (index: number, service: number) => T): readonly T[] {
  return [...Array(subjects).keys()].flatMap((index) =>
    [...Array(services).keys()].map((service) => make(index, service)),
  );
}
