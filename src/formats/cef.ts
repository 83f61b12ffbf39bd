import { type Event, type EventKind } from '../domain/event.ts';
import type { Severity } from '../domain/rules.ts';
import { VERSION } from '../kit/version.ts';
import { addressesOf } from './addresses-of.ts';
import type { Format } from './format.ts';

/** ArcSight's Common Event Format, version 0, for receivers that know no JSON. The cloud's own cells do not fit into it. */
export const cef: Format = {
  name: 'cef',
  encode: (event) => `${headerOf(event)}|${extensionOf(event)}`,
};

const SEVERITIES: Readonly<Record<Severity, number>> = { informational: 1, low: 3, medium: 5, high: 8, critical: 10 };

function headerOf({ type, severity }: Event): string {
  const name = type.replaceAll(/[._]/g, ' ');
  return ['CEF:0', 'Muster', 'Muster', VERSION, type, name, SEVERITIES[severity]].map(headerField).join('|');
}

/** A header has no way to write a line break. */
function headerField(value: string | number): string {
  return String(value)
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\|]/g, '\\$&');
}

function extensionOf(event: Event): string {
  return [...fieldsOf(event), ...customsOf(event)]
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${extensionValue(String(value))}`)
    .join(' ');
}

function extensionValue(text: string): string {
  return text.replaceAll(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

type Field = readonly [key: string, value: string | number | undefined];

const OUTCOMES: Readonly<Record<EventKind, (event: Event) => string | undefined>> = {
  inventory: () => undefined,
  change: () => 'success',
  finding: ({ status }) => status,
  access: () => undefined,
  health: ({ data }) => textOf(data?.['state']),
  summary: () => 'success',
};

/** Keys of the CEF dictionary. The user is whom it happened to: `duser`, not `suser`. */
function fieldsOf(event: Event): readonly Field[] {
  const { account, identity, report, data } = event;
  return [
    ['rt', millis(event.time)],
    ['start', millis(event.occurred_at)],
    ['externalId', event.id],
    ['cat', event.kind],
    ['act', event.type],
    ['outcome', OUTCOMES[event.kind](event)],
    ['msg', event.message],
    ['duid', identity?.id],
    ['duser', identity?.name],
    ['dpriv', identity?.kind === 'root' ? 'Administrator' : undefined],
    ['src', addressesOf(event).find((address) => !address.includes(':'))],
    ['dvchost', account.provider],
    ['deviceExternalId', account.id],
    ['reason', event.cause ?? textOf(data?.['fault'])],
    ['cn1Label', 'reportNumber'],
    ['cn1', report.number],
    ['deviceCustomDate1Label', 'reportGeneratedAt'],
    ['deviceCustomDate1', millis(report.generated_at)],
  ];
}

/** CEF has six texts of one's own; each has a label. */
function customsOf({ account, credential, before, after, check, finding_id, report, data }: Event): readonly Field[] {
  const detail = before === undefined && after === undefined ? withoutCells(data) : { before, after };
  return [
    custom(1, 'account', account.name),
    custom(2, 'source', report.source),
    custom(3, 'credential', credential?.id ?? credential?.created_at),
    custom(4, 'check', check?.id),
    custom(5, 'finding', finding_id),
    custom(6, 'detail', detail === undefined ? undefined : JSON.stringify(detail)),
  ].flat();
}

function custom(number: number, label: string, value: string | undefined): readonly Field[] {
  return value === undefined || value === ''
    ? []
    : [
        [`cs${number}Label`, label],
        [`cs${number}`, value],
      ];
}

function withoutCells(data: Event['data']): Readonly<Record<string, unknown>> | undefined {
  if (data === undefined) return undefined;
  const { cells: _, ...others } = data;
  return others;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function millis(time: string): number | undefined {
  const instant = Date.parse(time);
  return Number.isNaN(instant) ? undefined : instant;
}
