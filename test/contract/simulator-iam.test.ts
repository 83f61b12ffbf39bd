import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAccountAliasesCommand,
  ListServiceSpecificCredentialsCommand,
  ListUsersCommand,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { simulatedAws } from '../kit/simulated-aws.ts';

test('users come in pages, each once, also when one is deleted between two pages', async () => {
  const { iam, simulator } = await simulatedAws({ accounts: [{ users: 250 }] });
  const client = iam();
  const account = simulator.accounts[0]!.id;
  const names: string[] = [];

  for await (const page of paginateListUsers({ client, pageSize: 100 }, {})) {
    names.push(...page.Users!.map((user) => user.UserName!));
    if (names.length === 100) simulator.mutate({ account, do: 'delete_user', user: names.at(-1)! });
  }

  expect(names).toHaveLength(250);
  expect(new Set(names).size).toBe(250);
  expect(names.map((name) => name.toLowerCase())).toEqual(names.map((name) => name.toLowerCase()).sort());
});

test('a page has 100 users by default and at most 1,000', async () => {
  const { iam } = await simulatedAws({ accounts: [{ users: 101 }] });
  const client = iam();

  const page = await client.send(new ListUsersCommand({}));

  expect(page).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
  expect(page.Users).toHaveLength(100);
  await expect(client.send(new ListUsersCommand({ MaxItems: 1_001 }))).rejects.toMatchObject({
    name: 'ValidationError',
  });
  await expect(client.send(new ListUsersCommand({ Marker: 'junk' }))).rejects.toMatchObject({
    name: 'ValidationError',
  });
});

test('a user has a path, an id and dates, or is not there', async () => {
  const { iam, simulator } = await simulatedAws();
  const client = iam();
  const account = simulator.accounts[0]!.id;
  simulator.mutate({ account, do: 'create_user', user: 'zoé&<co>', path: '/people/' });
  simulator.mutate({ account, do: 'enable_console', user: 'zoé&<co>' });
  simulator.mutate({ account, do: 'use_password', user: 'zoé&<co>' });
  simulator.mutate({ account, do: 'disable_console', user: 'zoé&<co>' });

  const { User: user } = await client.send(new GetUserCommand({ UserName: 'zoé&<co>' }));

  expect(user).toMatchObject({
    UserName: 'zoé&<co>',
    Path: '/people/',
    Arn: `arn:aws:iam::${account}:user/people/zoé&<co>`,
    CreateDate: new Date('2026-11-20T09:00:00Z'),
    PasswordLastUsed: new Date('2026-11-20T09:00:00Z'),
  });
  await expect(client.send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    Code: 'NoSuchEntity',
    $metadata: { httpStatusCode: 404 },
  });
});

test('keys are listed by id, with status and dates, and tell their last use', async () => {
  const { iam, simulator } = await simulatedAws();
  const client = iam();
  const account = simulator.accounts[0]!.id;
  simulator.mutate({ account, do: 'create_user', user: 'k' });
  for (const [key_id, status] of [
    ['AKIAZZZZZZZZZZZZZZZZ', 'Active'],
    ['AKIAAAAAAAAAAAAAAAAA', 'Inactive'],
  ] as const)
    simulator.mutate({ account, do: 'create_key', user: 'k', key_id, status });
  simulator.mutate({ account, do: 'use_key', user: 'k', key_id: 'AKIAZZZZZZZZZZZZZZZZ', service: 's3' });

  const listed = await client.send(new ListAccessKeysCommand({ UserName: 'k' }));
  const used = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAZZZZZZZZZZZZZZZZ' }));
  const unused = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }));

  expect(listed.AccessKeyMetadata).toMatchObject([
    { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', Status: 'Inactive' },
    { AccessKeyId: 'AKIAZZZZZZZZZZZZZZZZ', Status: 'Active', CreateDate: new Date('2026-11-20T09:00:00Z') },
  ]);
  expect(used.UserName).toBe('k');
  expect(used.AccessKeyLastUsed).toEqual({
    LastUsedDate: new Date('2026-11-20T09:00:00Z'),
    ServiceName: 's3',
    Region: 'N/A',
  });
  expect(unused.AccessKeyLastUsed).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
});

test('service credentials of all users are listed, filtered and paged', async () => {
  const { iam, simulator } = await simulatedAws({ accounts: [{ users: 2 }] });
  const client = iam();
  const account = simulator.accounts[0]!.id;
  simulator.mutate({ account, do: 'create_user', user: 's' });
  const bedrock = { account, do: 'create_service_credential', user: 's', service: 'bedrock.amazonaws.com' };
  simulator.mutate({ ...bedrock, expires_at: '2027-01-01T00:00:00Z' });
  simulator.mutate({ ...bedrock, service: 'codecommit.amazonaws.com' });
  const list = (input: object) => client.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, ...input }));

  const filtered = await list({ ServiceName: 'bedrock.amazonaws.com', MaxItems: 1_000 });
  const first = await list({ MaxItems: 1 });
  const rest = await list({ Marker: first.Marker });

  expect(filtered.ServiceSpecificCredentials!.filter((credential) => credential.UserName === 's')).toMatchObject([
    { Status: 'Active', ExpirationDate: new Date('2027-01-01T00:00:00Z'), ServiceName: 'bedrock.amazonaws.com' },
  ]);
  expect(first.IsTruncated).toBe(true);
  expect(rest.ServiceSpecificCredentials!.length).toBeGreaterThanOrEqual(1);
});

test('the summary and the alias are of now', async () => {
  const { iam, simulator } = await simulatedAws();
  const client = iam();
  simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user: 'one-more' });

  const { SummaryMap: summary } = await client.send(new GetAccountSummaryCommand({}));
  const { AccountAliases: aliases } = await client.send(new ListAccountAliasesCommand({}));

  expect(summary).toMatchObject({ Users: 13, UsersQuota: 5_000 });
  expect(aliases).toEqual(['example-prod']);
});
