import { expect, test } from 'vitest';
import { aws } from '../index.ts';
import { regionsOf } from './regions.ts';

test.each([
  ['us-east-1', ['us-east-1']],
  ['eu-west-1', ['us-east-1', 'eu-west-1']],
  ['aws-global', ['us-east-1']],
  ['cn-northwest-1', ['cn-north-1', 'cn-northwest-1']],
  ['us-gov-east-1', ['us-gov-west-1', 'us-gov-east-1']],
  ['eusc-de-east-1', ['eusc-de-east-1']],
])('without a word about regions, an account in %s is looked at where it is and where IAM is seen', (own, regions) => {
  expect(regionsOf(undefined, own)).toEqual(regions);
});

test('all-enabled is every region of the partition, the account’s own among them', () => {
  const all = regionsOf('all-enabled', 'eu-north-9');

  expect(all).toContain('us-east-1');
  expect(all).toContain('me-central-1');
  expect(all).toContain('eu-north-9');
  expect(regionsOf('all-enabled', 'cn-north-1')).toEqual(['cn-north-1', 'cn-northwest-1']);
});

test('a list is taken as it is; what is no region is refused', () => {
  const settings = aws.kinds['key-audit']!.settings!;

  expect(regionsOf(['ap-south-1', 'ap-south-1'], 'us-east-1')).toEqual(['ap-south-1']);
  expect(settings.safeParse({ regions: ['everywhere'] }).success).toBe(false);
  expect(settings.safeParse({ regions: [] }).success).toBe(false);
  expect(settings.parse({})).toEqual({ depth: 'full' });
});
