/** Who may import whom. The one table: the walker checks by it, and `.oxlintrc.json` is written from it. */
export interface Zone {
  readonly name: string;
  /** Folders (`src/kit/`) or files. A file belongs to the last zone that names it. `*` is one segment. */
  readonly places: readonly string[];
  /** Folders and files under src/ beside its own; `*` is one segment. Its own folder is always allowed. */
  readonly mayImport: readonly string[];
  readonly packages: 'none' | 'any' | readonly string[];
  readonly builtins: 'none' | 'quiet' | 'any';
  /** What it may do with node:fs; nothing when it is left out. */
  readonly files?: 'reads' | 'writes';
  /** `process.env`. */
  readonly readsEnvironment?: true;
  /** `Date.now()`, `new Date()`, `Math.random()`. */
  readonly readsTheClock?: true;
}

/** Packages that only the named zones may touch. */
export const RESERVED: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['queue'],
  ioredis: ['queue'],
  '@aws-sdk/client-s3': ['archive'],
  '@aws-sdk/client-secrets-manager': ['secrets'],
  '@aws-sdk/*': ["a provider's wire"],
  '@smithy/*': ["a provider's wire", 'archive'],
  '@alicloud/*': ["a provider's wire"],
  'tencentcloud-sdk-nodejs': ["a provider's wire"],
};

/** Builtins that touch nothing outside the process. */
export const QUIET_BUILTINS = ['crypto', 'buffer', 'util', 'events', 'stream', 'zlib', 'timers', 'async_hooks'];

/** What a zone that only reads files may take from node:fs. */
export const READING =
  'access constants lstat open readFile readFileSync readdir realpath stat statSync FileHandle Stats'.split(' ');

const CONTRACTS = [
  'archive/port.ts',
  'queue/queue.ts',
  'providers/provider.ts',
  'sinks/sink.ts',
  'formats/format.ts',
] as const;
const REGISTRIES = ['providers/registry.ts', 'sinks/registry.ts', 'formats/registry.ts', 'secrets/registry.ts'];
const WORDS = ['domain/', 'kit/'];
/** Everything but the inside of a plugin. */
const PARTS = [
  ...WORDS,
  'pipeline/',
  'derive/',
  'formats/',
  'archive/',
  'queue/',
  'config/',
  'telemetry/',
  'simulator/',
  ...CONTRACTS,
  ...REGISTRIES,
];

export const ZONES: readonly Zone[] = [
  { name: 'domain', places: ['src/domain/'], mayImport: [], packages: 'none', builtins: 'none' },
  {
    name: 'kit',
    places: ['src/kit/'],
    mayImport: ['domain/'],
    packages: 'any',
    builtins: 'any',
    readsTheClock: true,
  },
  {
    name: 'the authorities',
    places: ['src/kit/authorities.ts'],
    mayImport: ['domain/', 'kit/'],
    packages: 'any',
    builtins: 'any',
    files: 'reads',
  },
  { name: 'derive', places: ['src/derive/'], mayImport: WORDS, packages: 'none', builtins: 'none' },
  { name: 'formats', places: ['src/formats/'], mayImport: WORDS, packages: 'none', builtins: 'none' },
  { name: 'archive', places: ['src/archive/'], mayImport: WORDS, packages: 'any', builtins: 'any' },
  { name: 'queue', places: ['src/queue/'], mayImport: WORDS, packages: 'any', builtins: 'any' },
  { name: 'telemetry', places: ['src/telemetry/'], mayImport: WORDS, packages: 'any', builtins: 'any' },
  {
    name: 'pipeline',
    places: ['src/pipeline/'],
    mayImport: [...WORDS, 'derive/', ...CONTRACTS],
    packages: 'none',
    builtins: 'quiet',
  },
  { name: 'secrets', places: ['src/secrets/'], mayImport: WORDS, packages: 'any', builtins: 'any' },
  {
    name: 'config',
    places: ['src/config/'],
    mayImport: [...WORDS, ...CONTRACTS, 'secrets/store.ts', ...REGISTRIES],
    packages: 'any',
    builtins: 'any',
    files: 'reads',
    readsEnvironment: true,
  },
  {
    name: 'simulator',
    places: ['src/simulator/'],
    mayImport: WORDS,
    packages: 'any',
    builtins: 'any',
    readsTheClock: true,
  },
  { name: 'daemon', places: ['src/daemon/'], mayImport: PARTS, packages: 'any', builtins: 'any', readsTheClock: true },
  {
    name: 'cli',
    places: ['src/cli/'],
    mayImport: [...PARTS, 'daemon/'],
    packages: 'any',
    builtins: 'any',
    files: 'writes',
    readsEnvironment: true,
  },
  {
    name: 'a provider',
    places: ['src/providers/*/'],
    mayImport: [...WORDS, 'providers/provider.ts', 'providers/shared/'],
    packages: 'any',
    builtins: 'any',
  },
  {
    name: 'a sink',
    places: ['src/sinks/*/'],
    mayImport: [...WORDS, 'sinks/sink.ts'],
    packages: 'any',
    builtins: 'any',
  },
  {
    name: 'a contract of plugins',
    places: ['src/providers/provider.ts', 'src/sinks/sink.ts'],
    mayImport: WORDS,
    packages: ['zod'],
    builtins: 'none',
  },
  {
    // The tables that Muster writes itself, and how it lists what stands beside a report.
    name: 'what several clouds share',
    places: ['src/providers/shared/'],
    mayImport: [...WORDS, 'providers/provider.ts'],
    packages: ['zod'],
    builtins: 'none',
  },
  {
    name: 'the registry of providers',
    places: ['src/providers/registry.ts'],
    mayImport: ['providers/provider.ts', 'providers/*/index.ts'],
    packages: 'none',
    builtins: 'none',
  },
  {
    name: 'the registry of sinks',
    places: ['src/sinks/registry.ts'],
    mayImport: ['sinks/sink.ts', 'sinks/*/index.ts'],
    packages: 'none',
    builtins: 'none',
  },
  {
    // SDKs, token files and the variables by which a cloud hands out credentials: by these names in every cloud's folder.
    name: "a provider's wire",
    places: [
      'api.ts',
      'organization-api.ts',
      'audit-api.ts',
      'trail-api.ts',
      'credentials.ts',
      'environment.ts',
      'transport.ts',
    ].map((file) => `src/providers/*/${file}`),
    mayImport: [...WORDS, 'providers/provider.ts', 'providers/shared/'],
    packages: 'any',
    builtins: 'any',
    files: 'reads',
    readsEnvironment: true,
  },
  {
    name: 'the file store',
    places: ['src/archive/file-store.ts', 'src/archive/make-folder.ts'],
    mayImport: WORDS,
    packages: 'any',
    builtins: 'any',
    files: 'writes',
  },
  {
    name: 'the file sink',
    places: ['src/sinks/file/'],
    mayImport: [...WORDS, 'sinks/sink.ts'],
    packages: 'any',
    builtins: 'any',
    files: 'writes',
  },
  {
    name: 'the drop folder',
    places: ['src/daemon/drop-folder/'],
    mayImport: PARTS,
    packages: 'any',
    builtins: 'any',
    files: 'writes',
  },
  {
    name: 'the failpoint',
    places: ['src/kit/failpoint.ts'],
    mayImport: ['domain/'],
    packages: 'any',
    builtins: 'any',
    files: 'writes',
    readsEnvironment: true,
  },
];
