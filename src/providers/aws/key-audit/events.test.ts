import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { eventsOfReport, packEvents } from '../../../kit/event-lines.ts';
import { seenOf, toldOf } from './events.ts';

const EVENT = {
  EventId: 'e1',
  EventName: 'AssumeRole',
  EventTime: new Date(Date.UTC(2026, 10, 20)),
  EventSource: 'sts.amazonaws.com',
  ReadOnly: 'true',
  Resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: 'deploy' }],
};

test('of what CloudTrail writes of an event only what is named is kept', () => {
  const CloudTrailEvent = JSON.stringify({
    sourceIPAddress: '203.0.113.1',
    errorCode: 'AccessDenied',
    errorMessage: 'a secret',
    userAgent: 'a secret',
    userIdentity: { sessionContext: 'a secret' },
    requestParameters: { password: 'a secret' },
    responseElements: { credentials: { sessionToken: 'a secret' } },
    additionalEventData: 'a secret',
  });

  const told = toldOf({ ...EVENT, CloudTrailEvent }, 'full');

  expect(JSON.parse(JSON.stringify(told))).toEqual({
    ...EVENT,
    EventTime: '2026-11-20T00:00:00Z',
    CloudTrailEvent: { sourceIPAddress: '203.0.113.1', errorCode: 'AccessDenied' },
  });
});

test.each([undefined, 'no JSON', '[]', 'null', '{"sourceIPAddress":{"a":1}}'])(
  'an event of which CloudTrail writes %s counts without an address',
  (CloudTrailEvent) => {
    const seen = seenOf(toldOf({ ...EVENT, CloudTrailEvent }, 'full'), 'eu-west-1');

    expect(seen).toEqual({
      id: 'e1',
      at: EVENT.EventTime.getTime(),
      region: 'eu-west-1',
      service: 'sts',
      event: 'AssumeRole',
      resources: [{ type: 'AWS::IAM::Role', name: 'deploy' }],
    });
  },
);

test('an event takes less than 500 bytes, and less than 100 packed', async () => {
  const told = Array.from({ length: 10_000 }, (_, at) => {
    const record = {
      awsRegion: 'eu-west-1',
      eventType: 'AwsApiCall',
      requestID: randomUUID(),
      sourceIPAddress: `203.0.${at % 113}.${at % 251}`,
    };
    const event = {
      ...EVENT,
      EventId: randomUUID(),
      EventTime: new Date(EVENT.EventTime.getTime() - at * 77_000),
      EventName: ['DescribeInstances', 'AssumeRole', 'ListBuckets', 'GetCallerIdentity'][at % 4],
      Resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: `arn:aws:iam::123456789012:role/deploy-${at % 97}` }],
      CloudTrailEvent: JSON.stringify(record),
    };
    return { region: 'eu-west-1', event: toldOf(event, 'full') };
  });
  const asked = { key: 'AKIAIOSFODNN7EXAMPLE', regions: ['eu-west-1'], from: 0, to: 1_000, goesOn: false };

  const { part } = await eventsOfReport([await packEvents(asked, told)]);

  expect(part.bytes.length / 10_000).toBeLessThan(500);
  expect(gzipSync(part.bytes).length / 10_000).toBeLessThan(100);
});
