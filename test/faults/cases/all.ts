import type { Case } from '../matrix.ts';
import { archiveCases } from './archive.ts';
import { diskCases } from './disk.ts';
import { type Golden, killCases } from './kill.ts';
import { redisCases } from './redis.ts';
import { sinkCases } from './sinks.ts';
import { daemonCases } from './term.ts';

export function allCases(golden: Golden): readonly Case[] {
  return [
    ...redisCases(),
    ...diskCases(),
    ...archiveCases(),
    ...sinkCases(),
    ...daemonCases(golden.first),
    ...killCases(golden),
  ];
}
