import { expect, test } from 'vitest';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { KEY_KIND } from '../../src/providers/alibaba/key-audit/kind.ts';
import { auditBench, inhabit } from '../kit/audited-alibaba.ts';

const USERS = 'ListUsers.Users';
const INFO = 'GetAccessKeyLastUsedInfo';
const PRODUCTS = 'GetAccessKeyLastUsedProducts.Products';
const EVENTS = 'GetAccessKeyLastUsedEvents.Events';
const IPS = 'GetAccessKeyLastUsedIps.Ips';
const RESOURCES = 'GetAccessKeyLastUsedResources.Resources';
const LOOKED_UP = 'LookupEvents.Events';

test.each([
  [KEY_KIND, { depth: 'info' }, [USERS, INFO]],
  [KEY_KIND, { depth: 'products' }, [USERS, INFO, PRODUCTS]],
  [KEY_KIND, { depth: 'full' }, [USERS, INFO, PRODUCTS, EVENTS, IPS, RESOURCES]],
  [ACCESS_KIND, { lookup: 'off' }, [USERS, PRODUCTS]],
  [ACCESS_KIND, { granularity: 'action' }, [USERS, PRODUCTS, EVENTS, LOOKED_UP]],
])('%s with %o tells of each answer that it asks for what it drops', async (kind, settings, answers) => {
  const bench = await auditBench(kind, settings);
  inhabit(bench, 2, 2);

  const { cut = [], parts } = await bench.collect(await bench.connect());

  expect(cut.map((line) => line.split(':')[0])).toEqual(answers);
  for (const line of cut.filter((one) => one.startsWith('GetAccessKey'))) expect(line).toMatch(/Source, Detail but/);
  const text = parts.map(({ bytes }) => new TextDecoder().decode(bytes)).join();
  expect(text).not.toMatch(/ram-user|ManagementEvent/);
});
