import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeRules } from '../../src/derive/checks/registry.ts';
import { derive } from '../../src/derive/derive.ts';
import { judge } from '../../src/derive/judge.ts';
import type { Event } from '../../src/domain/event.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { Parts } from '../../src/domain/report.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { providers } from '../../src/providers/registry.ts';
import { HOUR, loaded, T0 } from './records.ts';

export const GOLDEN_CASES = join(import.meta.dirname, '../../src/formats/fixtures');
const ACCOUNTS: Readonly<Record<string, string>> = {
  aws: '123456789012',
  alibaba: '1234567890123456',
  tencent: '100000000001',
};

/**
 * A case is a folder: `current.csv`, and `previous.csv` unless it is a baseline; `current.access-keys.json` is a part beside it. Its name begins
 * with its cloud's; the reports of one that ends in `-day` are a day apart, others four hours.
 */
export function goldenCases(): readonly string[] {
  return readdirSync(GOLDEN_CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** All that the two reports mean, in their order. */
export function eventsOfCase(name: string): readonly Event[] {
  const before = partsOf(name, 'previous');
  const previous = before && reportOf(name, before, undefined);
  const current = partsOf(name, 'current');
  if (current === undefined) throw new Error(`the case ${name} has no current.csv`);
  return derive(previous, reportOf(name, current, previous)).map(({ event }) => event);
}

function partsOf(name: string, which: string): Parts | undefined {
  const folder = join(GOLDEN_CASES, name);
  const csv = join(folder, `${which}.csv`);
  if (!existsSync(csv)) return undefined;
  const { about } = kindOf(name);
  const beside = readdirSync(folder).filter((file) => file.startsWith(`${which}.`) && file.endsWith('.json'));
  return new Map([
    ...(about.imported?.(readFileSync(csv)) ?? []).map((part) => [part.name, part.bytes] as const),
    ...beside.map((file) => [file.slice(which.length + 1), readFileSync(join(folder, file))] as const),
  ]);
}

function kindOf(name: string) {
  const [provider = ''] = name.split('-');
  const kinds = providers.find((one) => one.name === provider)?.kinds ?? {};
  const [kind, about] = Object.entries(kinds).find(([, one]) => one.imported !== undefined) ?? [];
  if (kind === undefined || about === undefined) throw new Error(`${provider} takes no CSV`);
  return { provider, kind, about };
}

function reportOf(name: string, parts: Parts, previous: LoadedReport | undefined): LoadedReport {
  const { provider, kind, about } = kindOf(name);
  const parsed = atOnce(about.parse(parts));
  if (parsed.defects.length > 0) throw new Error(`${name}: ${JSON.stringify(parsed.defects)}`);
  const source = sourceName({ provider, accountId: ACCOUNTS[provider] ?? '', kind });
  const generatedAt = previous === undefined ? T0 : T0 + (name.endsWith('-day') ? 24 : 4) * HOUR;
  const report = loaded(parsed.records, { parsed, previous, source, generatedAt });
  const rules = completeRules({});
  const account = { provider, id: ACCOUNTS[provider] ?? '', name: 'prod', labels: { bu: 'retail', env: 'prod' } };
  return {
    ...report,
    context: { ...report.context, account, rules, not_visible: [] },
    findings: judge(source, parsed, generatedAt, rules, previous?.findings),
  };
}
