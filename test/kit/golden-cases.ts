import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeRules } from '../../src/derive/checks/registry.ts';
import { derive } from '../../src/derive/derive.ts';
import { judge } from '../../src/derive/judge.ts';
import type { Event } from '../../src/domain/event.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { sourceName } from '../../src/domain/names.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { providers } from '../../src/providers/registry.ts';
import { HOUR, loaded, T0 } from './records.ts';

export const GOLDEN_CASES = join(import.meta.dirname, '../../src/formats/fixtures');
const ACCOUNTS: Readonly<Record<string, string>> = {
  aws: '123456789012',
  alibaba: '1234567890123456',
  tencent: '100000000001',
};

/** A case is a folder: `current.csv`, and `previous.csv` unless it is a baseline. Its name begins with its cloud's. */
export function goldenCases(): readonly string[] {
  return readdirSync(GOLDEN_CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** All that the two reports mean, in their order. */
export function eventsOfCase(name: string): readonly Event[] {
  const before = csvOf(name, 'previous');
  const previous = before && reportOf(name, before, undefined);
  const current = csvOf(name, 'current');
  if (current === undefined) throw new Error(`the case ${name} has no current.csv`);
  return derive(previous, reportOf(name, current, previous)).map(({ event }) => event);
}

function csvOf(name: string, which: string): Uint8Array | undefined {
  const file = join(GOLDEN_CASES, name, `${which}.csv`);
  return existsSync(file) ? readFileSync(file) : undefined;
}

function reportOf(name: string, csv: Uint8Array, previous: LoadedReport | undefined): LoadedReport {
  const [provider = ''] = name.split('-');
  const kinds = providers.find((one) => one.name === provider)?.kinds ?? {};
  const [kind, about] = Object.entries(kinds).find(([, one]) => one.imported !== undefined) ?? [];
  if (kind === undefined || about?.imported === undefined) throw new Error(`${provider} takes no CSV`);
  const parsed = atOnce(about.parse(new Map(about.imported(csv).map((part) => [part.name, part.bytes]))));
  if (parsed.defects.length > 0) throw new Error(`${name}: ${JSON.stringify(parsed.defects)}`);
  const source = sourceName({ provider, accountId: ACCOUNTS[provider] ?? '', kind });
  const generatedAt = previous === undefined ? T0 : T0 + 4 * HOUR;
  const report = loaded(parsed.records, { parsed, previous, source, generatedAt });
  const rules = completeRules({});
  const account = { provider, id: ACCOUNTS[provider] ?? '', name: 'prod', labels: { bu: 'retail', env: 'prod' } };
  return {
    ...report,
    context: { ...report.context, account, rules, not_visible: [] },
    findings: judge(source, parsed, generatedAt, rules, previous?.findings),
  };
}
