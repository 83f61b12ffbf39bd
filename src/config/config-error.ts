/** One mistake (or oddity) in a config, at its place. Line 0 means the file as a whole. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** The config cannot be used. Every mistake in it, at once, one per line. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.name = 'ConfigError';
    this.diagnostics = diagnostics;
  }
}

export function formatDiagnostic(diagnostic: Diagnostic): string {
  const place = diagnostic.line === 0 ? '' : `:${diagnostic.line}:${diagnostic.column}`;
  const warning = diagnostic.severity === 'warning' ? 'warning: ' : '';
  return `${diagnostic.file}${place}: ${warning}${diagnostic.message}`;
}
