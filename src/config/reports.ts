import type { ReportSettings } from '../domain/account.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Provider } from '../providers/provider.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, find, type LocatedMap } from './located.ts';

const DEFAULT_KIND = 'credential-report';

/** The report kinds of an account or an organisation; none may run more often than its cloud makes one. */
export function reportsOf(
  tree: LocatedMap,
  reports: Readonly<Record<string, { readonly every?: number | undefined } | undefined>> | undefined,
  provider: Provider,
  isReal: boolean,
  diagnostics: Diagnostics,
): Readonly<Record<string, ReportSettings>> {
  const wanted = Object.entries(reports ?? { [DEFAULT_KIND]: {} });
  const found: [string, ReportSettings][] = [];
  for (const [name, settings] of wanted) {
    const kind = provider.kinds[name];
    if (kind === undefined || settings === undefined) continue;
    const everyMs = settings.every ?? kind.cadenceMs;
    const written = find(tree, ['reports', name, 'every']);
    if (isReal && everyMs < kind.cadenceMs && written !== undefined) {
      diagnostics.reject(written, tooOften(everyMs, kind.cadenceMs, provider.name, name));
    }
    found.push([name, { everyMs }]);
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
