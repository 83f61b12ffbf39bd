import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { logTo } from './log.ts';
import { metrics } from './metrics.ts';

test('a happening becomes one line of JSON, and a newline in a name stays inside it', () => {
  const lines: string[] = [];
  const log = logTo((line) => lines.push(line), movableClock(), 'info');

  log({ kind: 'warning', message: 'odd\nname "x"' });

  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd().includes('\n')).toBe(false);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: '2026-11-20T09:00:00Z',
    level: 'warn',
    happening: 'warning',
    message: 'odd\nname "x"',
  });
});

test.each([
  ['redis://:hunter2secret@redis:6379 refused', 'hunter2secret'],
  ['X-Amz-Signature=abcdef0123456789abcdef', 'abcdef0123456789abcdef'],
  ['secret_access_key: wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
  ['the key LTAI5tExampleKey01 is inactive', 'LTAI5tExampleKey01'],
  ['SecretId AKIDz8krbsJ5yKBZQpn7 is not found', 'AKIDz8krbsJ5yKBZQpn7'],
  ['key whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
])('what looks like a secret is masked: %s', (message, secret) => {
  const lines: string[] = [];

  logTo((line) => lines.push(line), movableClock(), 'info')({ kind: 'warning', message });

  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).toContain('[secret]');
});

test('what is not worth a line at this level is not written', () => {
  const lines: string[] = [];
  const log = logTo((line) => lines.push(line), movableClock(), 'info');

  log({ kind: 'planned', sources: 1, due: 0, behind: 0, clockBehindMs: 0, ms: 1 });

  expect(lines).toEqual([]);
});

test('a clock that was set back is a gauge', async () => {
  const counted = metrics();

  counted.count({ kind: 'planned', sources: 1, due: 0, behind: 0, clockBehindMs: 7_200_000, ms: 1 });

  expect(await counted.text()).toContain('muster_clock_behind_seconds 7200');
});

test('events are counted by sink and outcome', async () => {
  const counted = metrics();

  counted.count({
    kind: 'delivered',
    sink: 'siem',
    source: 'aws/123456789012/credential-report',
    number: 1,
    events: 5,
    rejected: 1,
  });

  expect(await counted.text()).toContain('muster_events_total{sink="siem",outcome="delivered"} 5');
});
