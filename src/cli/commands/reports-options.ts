import { options } from '../session.ts';

export type ReportsValues = ReturnType<typeof reportsOptions>['values'];

export function reportsOptions(argv: readonly string[]) {
  return options({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      json: { type: 'boolean' },
      account: { type: 'string' },
      'generated-at': { type: 'string' },
      anchors: { type: 'string', multiple: true, default: [] },
      quarantined: { type: 'boolean' },
    },
  });
}
