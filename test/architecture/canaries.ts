/** Files that break the rules on purpose, one for each part. `bad` lines must be refused by the walker and by the linter, `good` ones by neither. */
export interface Canary {
  readonly file: string;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

export const AMBIENT = ["process.env['HOME'];", 'Date.now();', 'Math.random();'];

export const PART_CANARIES: readonly Canary[] = [
  {
    file: 'src/domain/canary.ts',
    good: ["import './event.ts';"],
    bad: [
      "import '../kit/hash.ts';",
      "import type { Queue } from '../queue/queue.ts';",
      "export type { Queue } from '../queue/queue.ts';",
      "export * from '../kit/hash.ts';",
      "await import('../kit/hash.ts');",
      "import 'zod';",
      "import type { z } from 'zod';",
      "import 'node:fs';",
      "import './../kit/hash.ts';",
      "import '../domain/../kit/hash.ts';",
      "import '.././kit/hash.ts';",
      "import '/etc/hosts';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/kit/deeper/canary.ts',
    good: [
      "import '../../domain/fault.ts';",
      "import '../hash.ts';",
      "import 'zod';",
      "import 'node:crypto';",
      'Date.now();',
    ],
    bad: [
      "import '../../archive/port.ts';",
      "import 'bullmq';",
      "import { readFile } from 'node:fs';",
      "process.env['A'];",
    ],
  },
  {
    file: 'src/kit/failpoint.ts',
    good: ["import { appendFileSync } from 'node:fs';", "process.env['A'];"],
    bad: ["import '../archive/port.ts';", 'Date.now();'],
  },
  {
    file: 'src/derive/checks/canary.ts',
    good: ["import '../../kit/hash.ts';", "import '../../domain/event.ts';", "import '../changes.ts';"],
    bad: [
      "import '../../formats/format.ts';",
      "import '../../archive/port.ts';",
      "import '../../providers/aws/index.ts';",
      "import { createHash } from 'node:crypto';",
      "import 'node:fs';",
      "import 'zod';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/formats/canary.ts',
    good: ["import '../kit/hash.ts';", "import './format.ts';"],
    bad: [
      "import '../sinks/sink.ts';",
      "import '../derive/changes.ts';",
      "import 'node:zlib';",
      "import 'ajv';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/archive/canary.ts',
    good: [
      "import '../domain/report.ts';",
      "import '@aws-sdk/client-s3';",
      "import 'node:zlib';",
      "import './port.ts';",
    ],
    bad: [
      "import '../queue/queue.ts';",
      "import '../providers/provider.ts';",
      "import '@aws-sdk/client-iam';",
      "import 'ioredis';",
      "import { rename } from 'node:fs/promises';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/archive/file-store.ts',
    good: ["import { link, open } from 'node:fs/promises';", "import './store.ts';"],
    bad: ["import '../config/config.ts';", "import 'bullmq';"],
  },
  {
    file: 'src/queue/canary.ts',
    good: ["import 'bullmq';", "import 'ioredis';", "import '../domain/fault.ts';"],
    bad: ["import '../archive/port.ts';", "import '../config/config.ts';", "import '@aws-sdk/client-s3';", ...AMBIENT],
  },
  {
    file: 'src/telemetry/canary.ts',
    good: ["import 'prom-client';", "import '../domain/happening.ts';"],
    bad: [
      "import '../config/config.ts';",
      "import '../daemon/http.ts';",
      "import { appendFile } from 'node:fs';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/pipeline/canary.ts',
    good: [
      "import '../derive/changes.ts';",
      "import '../archive/port.ts';",
      "import '../queue/queue.ts';",
      "import '../providers/provider.ts';",
      "import '../sinks/sink.ts';",
      "import '../formats/format.ts';",
      "import { createHash } from 'node:crypto';",
    ],
    bad: [
      "import '../archive/file-store.ts';",
      "import '../queue/redis.ts';",
      "import '../providers/registry.ts';",
      "import '../providers/aws/index.ts';",
      "import type { A } from '../sinks/file/index.ts';",
      "import '../formats/plain.ts';",
      "import '../telemetry/log.ts';",
      "import '../config/config.ts';",
      "import 'node:fs';",
      "import 'node:http';",
      "import 'zod';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/config/canary.ts',
    good: [
      "import '../providers/registry.ts';",
      "import '../sinks/registry.ts';",
      "import '../kit/secret.ts';",
      "import { readFile } from 'node:fs/promises';",
      "import 'yaml';",
      "process.env['A'];",
    ],
    bad: [
      "import '../providers/aws/index.ts';",
      "import '../sinks/file/index.ts';",
      "import '../archive/archive.ts';",
      "import '../pipeline/plan.ts';",
      "import { writeFile } from 'node:fs/promises';",
      "import * as fs from 'node:fs';",
      "import files from 'node:fs';",
      'Date.now();',
    ],
  },
  {
    file: 'src/simulator/aws/canary.ts',
    good: ["import '../../kit/hash.ts';", "import 'node:http';", 'Math.random();'],
    bad: ["import '../../providers/aws/index.ts';", "import '../../queue/queue.ts';", "import { rm } from 'node:fs';"],
  },
  {
    file: 'src/daemon/canary.ts',
    good: [
      "import '../archive/file-store.ts';",
      "import '../providers/registry.ts';",
      "import '../pipeline/plan.ts';",
      "import 'node-cron';",
      'Date.now();',
    ],
    bad: [
      "import '../providers/aws/index.ts';",
      "import '../sinks/file/index.ts';",
      "import '../cli/main.ts';",
      "import 'bullmq';",
      "process.env['A'];",
    ],
  },
  {
    file: 'src/cli/commands/canary.ts',
    good: [
      "import '../../daemon/compose.ts';",
      "import '../../sinks/registry.ts';",
      "import { mkdir } from 'node:fs/promises';",
      "process.env['A'];",
    ],
    bad: ["import '../../providers/aws/settings.ts';", "import 'ioredis';", 'Date.now();'],
  },
];
