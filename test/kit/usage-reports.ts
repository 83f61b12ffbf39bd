import type { CredentialRecord } from '../../src/domain/record.ts';
import { accessKey, consoleUser, DAY, HOUR, known, root, T0, user } from './records.ts';

const LONG_AGO = T0 - 200 * DAY;
const USED_LONG_AGO = { createdAt: known(LONG_AGO), lastUsedAt: known(LONG_AGO) };
const NOW = { lastUsedAt: known(T0 + HOUR), lastUsedRegion: known('eu-central-1'), lastUsedService: known('s3') };
const certificate = (slot: number, active: boolean, age: number) => ({
  slot,
  active: known(active),
  createdAt: known(T0 - age * DAY),
});
const credential = (id: string) => ({
  id,
  service: 'bedrock',
  active: known(true),
  createdAt: known(T0 - DAY),
  expiresAt: known(T0 + DAY),
});

/** Two reports between which every use, danger and setting changes that two reports can tell, of all clouds in one. */
export function usageReports(): readonly [before: readonly CredentialRecord[], after: readonly CredentialRecord[]] {
  const flagged = { atRisk: known(true) };
  return [
    [
      root({ accessKeys: [accessKey(USED_LONG_AGO)] }),
      consoleUser('new', { accessKeys: [accessKey({ atRisk: known(false) })] }),
      consoleUser('old', {
        console: { lastUsedAt: known(LONG_AGO) },
        accessKeys: [accessKey({ ...USED_LONG_AGO, id: 'AKIAOLD' })],
      }),
      consoleUser('guarded', {
        loginProtection: known(true),
        operationProtection: known(true),
        abnormalLogins: known(false),
      }),
      consoleUser('open', { loginProtection: known(false), operationProtection: known(false) }),
      user('signs', {
        certificates: [certificate(1, true, 9), certificate(2, false, 8), certificate(3, true, 7)],
        serviceCredentials: [credential('A')],
      }),
    ],
    [
      root({ console: { lastUsedAt: known(T0 + HOUR) }, accessKeys: [accessKey({ ...USED_LONG_AGO, ...NOW })] }),
      consoleUser('new', {
        console: { lastUsedAt: known(T0 + HOUR) },
        accessKeys: [accessKey({ ...NOW, ...flagged })],
      }),
      consoleUser('old', {
        console: { lastUsedAt: known(T0 + HOUR) },
        accessKeys: [accessKey({ ...USED_LONG_AGO, ...NOW, id: 'AKIAOLD' })],
      }),
      consoleUser('guarded', {
        loginProtection: known(false),
        operationProtection: known(false),
        abnormalLogins: known(true),
      }),
      consoleUser('open', { loginProtection: known(true), operationProtection: known(true) }),
      user('signs', {
        certificates: [certificate(1, false, 9), certificate(2, true, 8), certificate(3, true, 0)],
        serviceCredentials: [credential('B')],
      }),
    ],
  ];
}

/** Two reports with what is told of a key, a name and a credential that both have. */
export function laterReports(): readonly [before: readonly CredentialRecord[], after: readonly CredentialRecord[]] {
  const used = { createdAt: known(T0 - 100 * DAY), lastUsedAt: known(T0 - HOUR) };
  const place = (region: string, service: string) =>
    accessKey({ ...used, id: 'AKIATRAVEL', lastUsedRegion: known(region), lastUsedService: known(service) });
  const named = (name: string) => user(name, { identity: { uniqueId: 'AIDASAME' } });
  const services = (first: boolean) => ({
    serviceCredentials: [
      { ...credential('A'), active: known(first) },
      { ...credential('B'), active: known(!first) },
    ],
  });
  return [
    [
      root({ accessKeys: [accessKey()] }),
      consoleUser('glass'),
      user('traveller', { accessKeys: [place('eu-central-1', 's3')] }),
      named('before'),
      user('signs', services(true)),
    ],
    [
      root({ accessKeys: [accessKey()] }),
      consoleUser('glass'),
      user('traveller', { accessKeys: [place('ap-south-1', 'iam')] }),
      named('after'),
      user('signs', services(false)),
    ],
  ];
}
