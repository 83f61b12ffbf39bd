import { GetCredentialReportCommand, IAMClient, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../kit/movable-clock.ts';
import { simulatedAws } from '../kit/simulated-aws.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

function stsOf(url: string, credentials: Credentials): STSClient {
  const client = new STSClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

function iamOf(url: string, credentials: Credentials): IAMClient {
  const client = new IAMClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

test('the hub is told who it is', async () => {
  const { sts, simulator } = await simulatedAws();

  const identity = await sts.send(new GetCallerIdentityCommand({}));

  expect(identity).toMatchObject({
    Account: simulator.hub.accountId,
    Arn: `arn:aws:iam::${simulator.hub.accountId}:user/service/muster-hub`,
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{16}$/),
  });
});

test('a session of an assumed role is told which role and session it is', async () => {
  const { sts, simulator } = await simulatedAws();
  const [account] = simulator.accounts;
  const { Credentials: made, AssumedRoleUser: user } = await sts.send(
    new AssumeRoleCommand({ RoleArn: account!.roleArn, RoleSessionName: 'one', ExternalId: account!.externalId }),
  );
  const session = stsOf(simulator.url, {
    accessKeyId: made!.AccessKeyId!,
    secretAccessKey: made!.SecretAccessKey!,
    sessionToken: made!.SessionToken!,
  });

  const identity = await session.send(new GetCallerIdentityCommand({}));

  expect(made!.AccessKeyId).toMatch(/^ASIA/);
  expect(made!.Expiration!.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  expect(identity.Account).toBe(account!.id);
  expect(identity.Arn).toBe(`arn:aws:sts::${account!.id}:assumed-role/muster-audit/one`);
  expect(user!.Arn).toBe(identity.Arn);
});

test.each([
  ['a wrong external id', { ExternalId: 'wrong' }, 'AccessDenied', 403],
  ['no external id', { ExternalId: undefined }, 'AccessDenied', 403],
  ['a role that is not there', { RoleArn: 'arn:aws:iam::999999999999:role/none' }, 'AccessDenied', 403],
  ['a session that is too short', { DurationSeconds: 899 }, 'ValidationError', 400],
  ['a session that is too long', { DurationSeconds: 3_601 }, 'ValidationError', 400],
])('%s is refused', async (_, wrong, name, status) => {
  const { sts, simulator } = await simulatedAws();
  const [account] = simulator.accounts;
  const right = { RoleArn: account!.roleArn, RoleSessionName: 'one', ExternalId: account!.externalId };

  const refused = sts.send(new AssumeRoleCommand({ ...right, ...wrong }));

  await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
});

test('somebody whom the role does not trust cannot assume it', async () => {
  const { simulator, control } = await simulatedAws();
  const [account, other] = simulator.accounts;
  const made = simulator.mutate({ account: other!.id, do: 'create_user', user: 'stranger' });
  const key = simulator.mutate({ account: other!.id, do: 'create_key', user: 'stranger' });
  await control('POST', 'permissions', { principal: 'stranger', allow: '*' });
  const stranger = stsOf(simulator.url, { accessKeyId: key.key_id!, secretAccessKey: key.secret_access_key! });

  const refused = stranger.send(
    new AssumeRoleCommand({ RoleArn: account!.roleArn, RoleSessionName: 'one', ExternalId: account!.externalId }),
  );

  await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('stranger') });
  expect(made.user_id).toMatch(/^AIDA/);
});

test.each([
  ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ['an unknown key', { accessKeyId: 'AKIAUNKNOWNUNKNOWN22' }, 'InvalidClientTokenId'],
  ['a session token that does not belong', { sessionToken: 'alien' }, 'InvalidClientTokenId'],
])('%s is refused with 403', async (_, wrong, name) => {
  const { simulator } = await simulatedAws();
  const { accessKeyId, secretAccessKey } = simulator.hub;
  const client = stsOf(simulator.url, { accessKeyId, secretAccessKey, ...wrong });

  const refused = client.send(new GetCallerIdentityCommand({}));

  await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
});

test('an inactive key is refused until it is active again', async () => {
  const { sts, simulator } = await simulatedAws();
  const key = { account: simulator.hub.accountId, user: 'muster-hub' };

  simulator.mutate({ ...key, do: 'deactivate_key' });
  const refused = sts.send(new GetCallerIdentityCommand({}));
  await expect(refused).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  simulator.mutate({ ...key, do: 'activate_key' });

  await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
});

test('what a role may not do is denied by name', async () => {
  const { iam, control, simulator } = await simulatedAws();
  const { id } = simulator.accounts[0]!;
  await control('POST', 'permissions', { account: id, principal: 'muster-audit', allow: ['iam:ListUsers'] });
  const client = iam();

  const listed = await client.send(new ListUsersCommand({}));
  const denied = client.send(new GetCredentialReportCommand({}));

  expect(listed.Users).toHaveLength(12);
  await expect(denied).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:sts::${id}:assumed-role/muster-audit/muster is not authorized to perform: iam:GetCredentialReport`,
    $metadata: { httpStatusCode: 403 },
  });
});

test('a signature of another time and a session that is over are refused', async () => {
  const wallClock = movableClock(Date.now());
  const { iam, sts, simulator } = await simulatedAws({ wallClock });
  const { iam: unchecked } = await simulatedAws({ wallClock, checksSkew: false });
  const client = iam();
  const sessionClient = unchecked();
  await client.send(new ListUsersCommand({}));
  await sessionClient.send(new ListUsersCommand({}));

  wallClock.move(16 * 60_000);

  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    message: expect.stringContaining('Signature expired: '),
  });
  await expect(sessionClient.send(new ListUsersCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
    $metadata: { httpStatusCode: 403 },
  });
  expect(simulator.calls.list().at(-1)!.answer).toEqual({ status: 403, code: 'SignatureDoesNotMatch' });
});

test('the simulated clock may run away from the machine clock', async () => {
  const { sts, control } = await simulatedAws();

  await control('POST', 'clock', { advance_ms: 48 * 3_600_000 });

  await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
});

test('an unsigned call and a call that is no action are refused', async () => {
  const { simulator } = await simulatedAws();
  const unsigned = await fetch(simulator.url, { method: 'POST', body: 'Action=ListUsers&Version=2010-05-08' });

  expect(unsigned.status).toBe(403);
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
});

test('a user asks for its own keys without a name, a session cannot', async () => {
  const { iam, simulator } = await simulatedAws();
  const hub = iamOf(simulator.url, simulator.hub);

  const own = await hub.send(new ListAccessKeysCommand({}));
  const nameless = iam().send(new ListAccessKeysCommand({}));

  expect(own.AccessKeyMetadata).toMatchObject([{ AccessKeyId: simulator.hub.accessKeyId, UserName: 'muster-hub' }]);
  await expect(nameless).rejects.toMatchObject({ name: 'ValidationError' });
});
