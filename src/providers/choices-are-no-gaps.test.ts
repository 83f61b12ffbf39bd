import { expect, test } from 'vitest';
import { providers } from './registry.ts';

/** How deep an audit looks is the choice of its operator, and no gap of the account. */
test.each([
  ['alibaba', 'key-audit', 'what keys were used for (depth is info)'],
  ['alibaba', 'key-audit', 'events, addresses and resources (depth is products)'],
  ['alibaba', 'access-audit', 'what roles did (lookup is users)'],
  ['tencent', 'key-audit', 'what keys were used for (depth is info)'],
  ['tencent', 'key-audit', 'what only the CloudAudit of regions other than ap-guangzhou tells'],
  ['tencent', 'access-audit', 'groups (groups is off)'],
  ['aws', 'access-audit', 'groups (groups is off)'],
])('%s %s: "%s" does not make an account partial', (name, kind, line) => {
  const never = providers.find((one) => one.name === name)?.kinds[kind]?.neverShown ?? [];

  expect(never.some((begin) => line.startsWith(begin))).toBe(true);
});
