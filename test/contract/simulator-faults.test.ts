import { GenerateCredentialReportCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { simulatedAws } from '../kit/simulated-aws.ts';

test.each([
  ['throttle', 'Throttling', 400],
  ['limit_exceeded', 'LimitExceededException', 409],
  ['error500', 'ServiceFailureException', 500],
  ['denied', 'AccessDenied', 403],
  ['expired_token', 'ExpiredToken', 403],
  ['html', 'Error', 502],
])('%s is answered as the real service does', async (kind, name, status) => {
  const { iam, control } = await simulatedAws();
  await control('POST', 'faults', { match: { action: 'GenerateCredentialReport' }, kind });

  const failing = iam().send(new GenerateCredentialReportCommand({}));

  await expect(failing).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
});

test.each(['garbage', 'truncated', 'reset', 'hang', 'lost_answer'])(
  '%s is no answer that an SDK can use',
  async (kind) => {
    const { iam, control } = await simulatedAws();
    await control('POST', 'faults', { match: { action: 'ListUsers' }, kind });

    const failing = iam(0, { requestTimeout: 300 }).send(new ListUsersCommand({}));

    await expect(failing).rejects.toBeInstanceOf(Error);
  },
);

test('a lost answer was carried out', async () => {
  const { iam, control } = await simulatedAws();
  await control('POST', 'faults', { match: { action: 'GenerateCredentialReport' }, kind: 'lost_answer', count: 1 });
  const client = iam();

  await expect(client.send(new GenerateCredentialReportCommand({}))).rejects.toBeInstanceOf(Error);
  const again = await client.send(new GenerateCredentialReportCommand({}));

  expect(again.State).toBe('INPROGRESS');
});

test('a slow answer comes late, and whole', async () => {
  const { iam, control, simulator } = await simulatedAws();
  await control('POST', 'faults', { match: { action: 'ListUsers' }, kind: 'slow', ms: 150 });

  const page = await iam().send(new ListUsersCommand({}));

  expect(page.Users).toHaveLength(12);
  expect(simulator.calls.list().at(-1)).toMatchObject({ action: 'ListUsers', fault: 'slow' });
  expect(simulator.calls.list().at(-1)!.ms).toBeGreaterThan(100);
});

test('a fault with a count is over after it, and the retries of the SDK get through', async () => {
  const { iam, control, simulator } = await simulatedAws();
  await control('POST', 'faults', { match: { action: 'ListUsers' }, kind: 'error500', count: 2 });

  const page = await iam(0, { maxAttempts: 3 }).send(new ListUsersCommand({}));

  expect(page.$metadata.attempts).toBe(3);
  expect(simulator.calls.list().map((call) => call.answer.status)).toEqual([200, 500, 500, 200]);
});

test('a fault hits only the account and the service that it names', async () => {
  const { iam, sts, control, simulator } = await simulatedAws();
  const account = simulator.accounts[1]!.id;
  await control('POST', 'faults', { match: { account, service: 'iam' }, kind: 'throttle' });

  await expect(iam(0).send(new ListUsersCommand({}))).resolves.toBeDefined();
  await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  await expect(iam(1).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'Throttling' });
  await control('DELETE', 'faults');
  await expect(iam(1).send(new ListUsersCommand({}))).resolves.toBeDefined();
});

test('assuming a role of a denied account fails with the account of the role in the log', async () => {
  const { iam, control, simulator } = await simulatedAws();
  const account = simulator.accounts[0]!.id;
  await control('POST', 'faults', { match: { account, action: 'AssumeRole' }, kind: 'denied' });

  await expect(iam().send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });

  expect(simulator.calls.list()).toMatchObject([
    { service: 'sts', action: 'AssumeRole', account, answer: { status: 403, code: 'AccessDenied' }, fault: 'denied' },
  ]);
});

test('an unknown kind of fault is refused', async () => {
  const { control } = await simulatedAws();

  const answer = await control('POST', 'faults', { kind: 'typo' });

  expect(answer).toMatchObject({ error: expect.stringContaining('throttle') });
});
