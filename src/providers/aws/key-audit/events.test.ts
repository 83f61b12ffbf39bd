import { expect, test } from 'vitest';
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
