import fc from 'fast-check';
import type { AccessKeyRecord, CredentialRecord, Field } from '../../src/domain/record.ts';
import { ABSENT, accessKey, DAY, HOUR, known, NEVER, root, T0, UNKNOWN, UNSUPPORTED, user } from './records.ts';

const INSTANTS = [T0 - 400 * DAY, T0 - 91 * DAY, T0 - 90 * DAY, T0 - 45 * DAY, T0 - DAY, T0 - HOUR, T0 + HOUR];

const flag: fc.Arbitrary<Field<boolean>> = fc.oneof(
  { weight: 8, arbitrary: fc.boolean().map(known) },
  fc.constantFrom(UNKNOWN, UNSUPPORTED, ABSENT),
);
const instant: fc.Arbitrary<Field<number>> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...INSTANTS).map(known) },
  fc.constantFrom(UNKNOWN, NEVER, ABSENT, UNSUPPORTED),
);
const place = fc.oneof(fc.constantFrom('eu-central-1', 'us-east-1').map(known), fc.constantFrom(NEVER, UNKNOWN));

const key = fc
  .record({
    active: flag,
    createdAt: instant,
    lastUsedAt: instant,
    lastUsedRegion: place,
    id: fc.boolean(),
    atRisk: flag,
  })
  .map(({ id, ...fields }) => ({ ...fields, ...(id ? { id: `AKIA${JSON.stringify(fields.createdAt)}` } : {}) }));

const certificate = fc.record({ slot: fc.constantFrom(1, 2), active: flag, createdAt: instant });
const serviceCredential = fc.record({
  id: fc.constantFrom('ACCA1', 'ACCA2'),
  service: fc.constant('bedrock'),
  active: flag,
  createdAt: instant,
  expiresAt: fc.constant(ABSENT),
});

const record = fc.record(
  {
    mfa: flag,
    accessKeys: fc.array(key, { maxLength: 3 }).map(inSlots),
    certificates: fc.array(certificate, { maxLength: 2 }),
    serviceCredentials: fc.uniqueArray(serviceCredential, { selector: ({ id }) => id, maxLength: 2 }),
    loginProtection: flag,
    operationProtection: flag,
    abnormalLogins: flag,
    console: fc.record({ enabled: flag, lastUsedAt: instant, passwordChangedAt: instant, nextRotationAt: instant }),
  },
  { requiredKeys: ['mfa', 'accessKeys', 'certificates', 'console'] },
);

function inSlots(keys: readonly Partial<AccessKeyRecord>[]): readonly AccessKeyRecord[] {
  return keys.map((changes, index) => accessKey({ slot: index + 1, ...changes }));
}

/** Any user of a few, so that reports have them in common: with everything a cloud may tell, and may not. */
export const anyUser: fc.Arbitrary<CredentialRecord> = fc
  .record({
    name: fc.constantFrom('alice', 'bob', 'carol', '__proto__', 'a, "b"'),
    createdAt: instant,
    kind: fc.constantFrom('user', 'user', 'user', 'collaborator', 'message_receiver'),
    uniqueId: fc.constantFrom(undefined, 'AIDA1', 'AIDA2'),
    record,
  })
  .map(({ name, createdAt, kind, uniqueId, record }) =>
    user(name, {
      ...record,
      identity: { kind, createdAt, ...(uniqueId === undefined ? {} : { uniqueId }) },
    }),
  );

export const anyRoot: fc.Arbitrary<CredentialRecord> = record.map((changes) => root(changes));

/** A root and up to five users, each once. */
export const anyTable: fc.Arbitrary<readonly CredentialRecord[]> = fc
  .tuple(anyRoot, fc.uniqueArray(anyUser, { selector: ({ identity }) => identity.id, maxLength: 5 }))
  .map(([first, rest]) => [first, ...rest]);
