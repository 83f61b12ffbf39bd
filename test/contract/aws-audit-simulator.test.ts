import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  ListPoliciesGrantingServiceAccessCommand,
} from '@aws-sdk/client-iam';
import { expect, onTestFinished, test } from 'vitest';
import { type SimulatedAws, simulatedAws } from '../kit/simulated-aws.ts';

const DAY_MS = 86_400_000;

test('a job is read by the session that began it only, and tells what policies give and what was done', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { arn } = await inhabited(aws);
  const [mine, theirs] = [aws.iam(), aws.iam()];

  const { JobId } = await mine.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: arn }));
  const early = await mine.send(new GetServiceLastAccessedDetailsCommand({ JobId }));
  aws.clock.move(2_000);
  const done = await mine.send(new GetServiceLastAccessedDetailsCommand({ JobId }));
  const stranger = theirs.send(new GetServiceLastAccessedDetailsCommand({ JobId }));

  await expect(stranger).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  expect(early.JobStatus).toBe('IN_PROGRESS');
  expect(done.JobStatus).toBe('COMPLETED');
  expect(done.ServicesLastAccessed).toMatchObject([
    { ServiceNamespace: 'ec2', LastAuthenticatedEntity: arn, LastAuthenticatedRegion: 'eu-west-1' },
    { ServiceNamespace: 's3', TotalAuthenticatedEntities: 0 },
  ]);
  expect(done.ServicesLastAccessed?.[1]?.LastAuthenticated).toBeUndefined();
});

test('policies are told by service, with the one whom an inline policy belongs to', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { arn } = await inhabited(aws);

  const ServiceNamespaces = ['s3', 'kms'];
  const { PoliciesGrantingServiceAccess: told } = await aws
    .iam()
    .send(new ListPoliciesGrantingServiceAccessCommand({ Arn: arn, ServiceNamespaces }));

  expect(told).toEqual([
    { ServiceNamespace: 'kms', Policies: [] },
    {
      ServiceNamespace: 's3',
      Policies: [{ PolicyName: 'deploy', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ci' }],
    },
  ]);
});

test('events are told newest first, in their region, as long as the history goes back', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { keyId } = await inhabited(aws);
  const { seen } = trail(aws, keyId);

  const told = await seen({}, 'eu-west-1');
  aws.clock.move(1_000);
  const elsewhere = await seen({}, 'us-east-1');
  aws.clock.move(91 * DAY_MS);

  expect(told).toEqual(['RunInstances', 'DescribeInstances']);
  expect(elsewhere).toEqual([]);
  expect(await seen({}, 'eu-west-1')).toEqual([]);
});

test('more than two requests in a second are throttled, region by region', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { keyId } = await inhabited(aws);
  const { seen } = trail(aws, keyId);

  await seen({}, 'eu-west-1');
  await seen({}, 'eu-west-1');
  await expect(seen({}, 'eu-west-1')).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(await seen({}, 'us-east-1')).toEqual([]);
  aws.clock.move(1_001);
  expect(await seen({}, 'eu-west-1')).toHaveLength(2);
});

test('a token is good for the same question only, and what is wrong is refused', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { keyId } = await inhabited(aws);
  const { ask, seen } = trail(aws, keyId);

  const { NextToken } = await ask({ MaxResults: 1 });
  expect(await seen({ MaxResults: 1, NextToken })).toEqual(['DescribeInstances']);
  aws.clock.move(2_000);
  await expect(ask({ NextToken, EndTime: new Date(0) })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  const two = [{ AttributeKey: 'AccessKeyId', AttributeValue: keyId } as const];
  await expect(ask({ LookupAttributes: [...two, ...two] })).rejects.toMatchObject({
    name: 'InvalidLookupAttributesException',
  });
});

test('a region that is not enabled calls the credentials invalid, and one may deny', async () => {
  const aws = await simulatedAws({ accounts: 1, usersPerAccount: 0 });
  const { keyId, account } = await inhabited(aws);
  const { seen } = trail(aws, keyId);

  await aws.control('POST', 'audits', { account, do: 'disable_region', region: 'eu-west-1' });
  await expect(seen({}, 'eu-west-1')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  await aws.control('POST', 'audits', { account, do: 'deny_region', region: 'eu-west-1' });
  await expect(seen({}, 'eu-west-1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(await aws.control('POST', 'audits', { account, do: 'dance' })).toMatchObject({
    error: expect.stringContaining('do is one of'),
  });
  expect(await aws.control('GET', `activity?account=${account}`)).toHaveLength(2);
});

/** A user with a policy and a key that was used twice. */
async function inhabited(aws: SimulatedAws): Promise<{ arn: string; keyId: string; account: string }> {
  const account = aws.simulator.accounts[0]!.id;
  await aws.control('POST', 'identities', { account, do: 'create_user', user: 'ci' });
  const { key_id: keyId } = (await aws.control('POST', 'identities', { account, do: 'create_key', user: 'ci' })) as {
    key_id: string;
  };
  await aws.control('POST', 'audits', {
    account,
    do: 'attach_policy',
    user: 'ci',
    policy: 'deploy',
    services: ['s3', 'ec2'],
  });
  const did = { account, user: 'ci', key_id: keyId, service: 'ec2', region: 'eu-west-1' };
  await aws.control('POST', 'activity', { ...did, event: 'DescribeInstances' });
  aws.clock.move(60_000);
  await aws.control('POST', 'activity', { ...did, event: 'RunInstances' });
  aws.clock.move(60_000);
  return { arn: `arn:aws:iam::${account}:user/ci`, keyId, account };
}

function trail(aws: SimulatedAws, keyId: string) {
  const credentials = aws.iam().config.credentials;
  const client = (region: string) => {
    const made = new CloudTrailClient({ endpoint: aws.simulator.url, region, credentials, maxAttempts: 1 });
    onTestFinished(() => made.destroy());
    return made;
  };
  const ask = (more: Partial<LookupEventsCommandInput>, region = 'eu-west-1') => {
    const LookupAttributes = [{ AttributeKey: 'AccessKeyId', AttributeValue: keyId } as const];
    return client(region).send(new LookupEventsCommand({ LookupAttributes, ...more }));
  };
  const seen = async (more: Partial<LookupEventsCommandInput>, region?: string) =>
    (await ask(more, region)).Events?.map(({ EventName }) => EventName);
  return { ask, seen };
}
