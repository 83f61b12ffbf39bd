import { expect, test } from 'vitest';
import { judgeInfo } from './redis-check.ts';

function info(version: string, policy: string, aof: string): string {
  return `# Server\r\nredis_version:${version}\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n# Persistence\r\naof_enabled:${aof}\r\n`;
}

test.each(['6.2.0', '6.2.14', '7.0.15', '8.4.0', '10.0.0'])('version %s is new enough', (version) => {
  expect(judgeInfo(info(version, 'noeviction', '1'), 'r:1')).toEqual([]);
});

test.each(['5.0.14', '6.0.16'])('version %s is refused', (version) => {
  expect(() => judgeInfo(info(version, 'noeviction', '1'), 'r:1')).toThrowError(`redis at r:1 is version ${version}`);
});

test.each(['allkeys-lru', 'volatile-ttl'])('the policy %s is refused', (policy) => {
  expect(() => judgeInfo(info('7.0.15', policy, '1'), 'r:1')).toThrowError('set maxmemory-policy noeviction');
});

test('a server without persistence is odd, not wrong', () => {
  expect(judgeInfo(info('7.0.15', 'noeviction', '0'), 'r:1')).toEqual([expect.stringContaining('appendonly no')]);
});

test('what a server does not tell is not judged', () => {
  expect(judgeInfo('', 'r:1')).toEqual([]);
});
