import path from 'node:path';
import type { ReportSettings } from '../domain/account.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Provider } from '../providers/provider.ts';
import type { ReportKeys } from './account-core.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, find, type LocatedMap } from './located.ts';

const DEFAULT_KIND = 'credential-report';

/** The report kinds of an account or an organisation; none may run more often than its cloud makes one. */
export function reportsOf(
  tree: LocatedMap,
  reports: Readonly<Record<string, ReportKeys | undefined>> | undefined,
  provider: Provider,
  isReal: boolean,
  diagnostics: Diagnostics,
): Readonly<Record<string, ReportSettings>> {
  const wanted = Object.entries(reports ?? { [DEFAULT_KIND]: {} });
  const found: [string, ReportSettings][] = [];
  for (const [name, read] of wanted) {
    const kind = provider.kinds[name];
    if (kind === undefined || read === undefined) continue;
    const { every, drop_folder: dropFolder, ...own } = read;
    const everyMs = every ?? kind.defaultEveryMs ?? kind.cadenceMs;
    if (dropFolder !== undefined) {
      found.push([name, { everyMs, dropFolder: path.resolve(diagnostics.folder, dropFolder) }]);
      continue;
    }
    const written = find(tree, ['reports', name, 'every']);
    if (isReal && everyMs < kind.cadenceMs && written !== undefined) {
      diagnostics.reject(written, tooOften(everyMs, kind.cadenceMs, provider.name, name));
    }
    found.push([name, kind.settings === undefined ? { everyMs } : { everyMs, settings: kind.settings.parse(own) }]);
  }
  if (found.length === 0) rejectReports(tree, provider, diagnostics);
  return Object.fromEntries(found);
}

function tooOften(everyMs: number, cadenceMs: number, provider: string, kind: string): string {
  const cadence = formatDuration(cadenceMs);
  return `${formatDuration(everyMs)} is too often: ${provider} makes a new ${kind} every ${cadence}, write ${cadence} or longer`;
}

function rejectReports(tree: LocatedMap, provider: Provider, diagnostics: Diagnostics): void {
  const kinds = Object.keys(provider.kinds).join(', ');
  const written = child(tree, 'reports');
  diagnostics.reject(
    written ?? tree,
    `${written === undefined ? '"reports" is missing' : 'names no report kind'}; known are: ${kinds}`,
  );
}
