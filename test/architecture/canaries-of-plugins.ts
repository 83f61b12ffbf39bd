import { AMBIENT, type Canary } from './canaries.ts';

/** The same for providers, sinks, their contracts and their registries. */
export const PLUGIN_CANARIES: readonly Canary[] = [
  {
    file: 'src/providers/aws/canary.ts',
    good: ["import '../provider.ts';", "import '../../domain/report.ts';", "import './api.ts';", "import 'zod';"],
    bad: [
      "import '../alibaba/index.ts';",
      "import '../registry.ts';",
      "import '../../sinks/sink.ts';",
      "import '../../archive/port.ts';",
      "import '@aws-sdk/client-iam';",
      "import type { IAMClient } from '@aws-sdk/client-iam';",
      "import { readFile } from 'node:fs';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/providers/aws/credential-report/canary.ts',
    good: [
      "import '../api.ts';",
      "import '../../provider.ts';",
      "import '../../../kit/hash.ts';",
      "import '../other/parse.ts';",
      "import '../../shared/key-list.ts';",
    ],
    bad: ["import '../../alibaba/index.ts';", "import '../../registry.ts';", "import '../../../queue/queue.ts';"],
  },
  {
    file: 'src/providers/shared/canary.ts',
    good: ["import '../provider.ts';", "import './key-list.ts';", "import '../../kit/csv-write.ts';", "import 'zod';"],
    bad: [
      "import '../aws/index.ts';",
      "import '../registry.ts';",
      "import '../../derive/derive.ts';",
      "import 'csv-parse';",
      "import 'node:fs';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/providers/aws/api.ts',
    good: ["import '@aws-sdk/client-iam';", "import '../provider.ts';", "await import('@aws-sdk/client-sts');"],
    bad: ["import '@aws-sdk/client-s3';", "import '../alibaba/api.ts';", "import 'bullmq';"],
  },
  {
    file: 'src/sinks/webhook/canary.ts',
    good: ["import '../sink.ts';", "import './settings.ts';", "import 'node:https';"],
    bad: [
      "import '../file/index.ts';",
      "import '../registry.ts';",
      "import '../../formats/format.ts';",
      "import '../../providers/provider.ts';",
      "import { appendFile } from 'node:fs/promises';",
      ...AMBIENT,
    ],
  },
  {
    file: 'src/sinks/file/canary.ts',
    good: ["import { open } from 'node:fs/promises';", "import '../sink.ts';"],
    bad: ["import '../webhook/index.ts';", "import '../../archive/file-store.ts';"],
  },
  {
    file: 'src/providers/registry.ts',
    good: ["import './aws/index.ts';", "import './provider.ts';"],
    bad: [
      "import './aws/api.ts';",
      "import './aws/credential-report/parse.ts';",
      "import '../kit/hash.ts';",
      "import 'zod';",
    ],
  },
  {
    file: 'src/sinks/registry.ts',
    good: ["import './file/index.ts';", "import './sink.ts';"],
    bad: ["import './file/writer.ts';", "import '../providers/registry.ts';", "import 'node:fs';"],
  },
  {
    file: 'src/sinks/sink.ts',
    good: ["import type { z } from 'zod';", "import '../domain/fault.ts';"],
    bad: ["import './file/index.ts';", "import './registry.ts';", "import '../archive/port.ts';", "import 'yaml';"],
  },
];
