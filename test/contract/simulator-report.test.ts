import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type IAMServiceException,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { simulatedAws } from '../kit/simulated-aws.ts';

const HOUR_MS = 3_600_000;
const generate = () => new GenerateCredentialReportCommand({});
const get = () => new GetCredentialReportCommand({});

test('a report goes through the states of the real service', async () => {
  const { iam, clock } = await simulatedAws();
  const client = iam();

  const absent = await client.send(get()).catch((error: unknown) => error as IAMServiceException);
  const started = await client.send(generate());
  const early = await client.send(get()).catch((error: unknown) => error as IAMServiceException);
  const building = await client.send(generate());
  clock.move(2_000);
  const complete = await client.send(generate());
  const got = await client.send(get());

  expect(absent).toMatchObject({
    name: 'CredentialReportNotPresentException',
    Code: 'ReportNotPresent',
    message: 'Unknown',
    $metadata: { httpStatusCode: 410, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  expect(started).toMatchObject({
    State: 'STARTED',
    Description: 'No report exists. Starting a new report generation task',
  });
  expect(early).toMatchObject({
    name: 'CredentialReportNotReadyException',
    Code: 'ReportInProgress',
    message: 'Unknown',
    $metadata: { httpStatusCode: 404 },
  });
  expect(building.State).toBe('INPROGRESS');
  expect(complete).toMatchObject({ State: 'COMPLETE' });
  expect(complete.Description).toBeUndefined();
  expect(got.ReportFormat).toBe('text/csv');
  expect(got.GeneratedTime).toEqual(new Date('2026-11-20T09:00:02Z'));
});

test('inside the window the bytes stay identical and new users are not in them', async () => {
  const { iam, clock, report, simulator } = await simulatedAws();
  const client = iam();
  const first = await report(client);
  simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user: 'late' });
  clock.move(4 * HOUR_MS - 4_000);

  const again = await client.send(generate());
  const cached = await client.send(get());

  expect(again.State).toBe('COMPLETE');
  expect(Buffer.from(cached.Content!).toString('utf8')).toBe(first.csv);
  expect(cached.GeneratedTime).toEqual(first.generatedAt);
});

test('after the window a new report is made while the old one can still be had', async () => {
  const { iam, clock, report, simulator } = await simulatedAws();
  const client = iam();
  const first = await report(client);
  simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user: 'late' });
  clock.move(4 * HOUR_MS);

  const started = await client.send(generate());
  const old = await client.send(get());
  clock.move(2_000);
  const fresh = await client.send(get());

  expect(started.State).toBe('STARTED');
  expect(old.GeneratedTime).toEqual(first.generatedAt);
  expect(fresh.GeneratedTime!.getTime()).toBeGreaterThan(first.generatedAt.getTime());
  expect(Buffer.from(fresh.Content!).toString('utf8')).toContain('\nlate,');
});

test('a report shows the account as it was when it was done, however late it is asked for', async () => {
  const { iam, clock, simulator } = await simulatedAws();
  const client = iam();
  await client.send(generate());
  clock.move(1_000);
  simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user: 'in-time' });
  clock.move(5_000);
  simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user: 'too-late' });

  const csv = Buffer.from((await client.send(get())).Content!).toString('utf8');

  expect(csv).toContain('\nin-time,');
  expect(csv).not.toContain('too-late');
});

test('an old report expires where that is switched on', async () => {
  const { iam, clock, report } = await simulatedAws({ expireMs: 24 * HOUR_MS });
  const client = iam();
  await report(client);
  clock.move(24 * HOUR_MS);

  const expired = client.send(get());

  await expect(expired).rejects.toMatchObject({
    name: 'CredentialReportExpiredException',
    Code: 'ReportExpired',
    $metadata: { httpStatusCode: 410 },
  });
});

test('injected bytes are served once, then true reports again', async () => {
  const { iam, clock, report, control, simulator } = await simulatedAws();
  const client = iam();
  const broken = 'user,arn\n"half';
  const account = simulator.accounts[0]!.id;
  await control('POST', 'report', { account, csv_base64: Buffer.from(broken).toString('base64') });

  const first = await report(client);
  clock.move(4 * HOUR_MS);
  const second = await report(client);

  expect(first.csv).toBe(broken);
  expect(second.csv).toContain('\n<root_account>,');
});

test('a report of 5,000 users is written quickly and read back whole', async () => {
  const { iam, report, simulator } = await simulatedAws({ accounts: [{ users: 5_000 }] });
  const client = iam();
  await report(client);

  const { csv } = await report(client);

  expect(csv.split('\n')).toHaveLength(5_002);
  expect(simulator.calls.list().at(-1)!.ms).toBeLessThan(500);
});
