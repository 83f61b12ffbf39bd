import type { Derived, Event } from '../domain/event.ts';
import type { NameCells } from './cells.ts';
import { cellNamer } from './cells.ts';
import type { Comparison, Row } from './comparison.ts';
import { inventoryIds } from './event-id.ts';
import { quoted, who } from './message.ts';
import type { Pair } from './pair.ts';
import { identityOf, isFirstOfDay } from './pair.ts';
import { recordData } from './record-data.ts';

/** One event for each identity of the report. The id is the same whatever a sink's policy, and at a baseline. */
export function inventoryEvents(pair: Pair, { rows }: Comparison): readonly Derived[] {
  const table: Table = {
    pair,
    where: quoted(pair.account.name),
    nameCells: cellNamer(pair.current.parsed.columns),
    idOf: inventoryIds(pair.report.source, pair.report.generated_at),
  };
  const daily = isFirstOfDay(pair);
  return rows.map((row) => new Inventory(table, row, daily));
}

/** What all rows share. */
interface Table {
  readonly pair: Pair;
  readonly where: string;
  readonly nameCells: NameCells;
  readonly idOf: ReturnType<typeof inventoryIds>;
}

/**
 * Most inventory is not sent (nothing changed, not the first of its day), and what is sent is encoded at once: the event is made anew each time
 * it is asked for, and never kept. A report of 100,000 rows costs its rows, not its events.
 */
class Inventory implements Derived {
  readonly kind = 'inventory';
  readonly changed: boolean;
  readonly daily: boolean;
  readonly #table: Table;
  readonly #row: Row;

  constructor(table: Table, row: Row, daily: boolean) {
    this.#table = table;
    this.#row = row;
    this.changed = row.changed;
    this.daily = daily;
  }

  get event(): Event {
    return inventoryEvent(this.#table, this.#row);
  }
}

function inventoryEvent({ pair, where, nameCells, idOf }: Table, { record, ordinal }: Row): Event {
  const { report, account } = pair;
  const { identity } = record;
  return {
    id: idOf(identity, ordinal),
    kind: 'inventory',
    type: 'inventory.identity',
    time: report.collected_at,
    occurred_at: report.generated_at,
    severity: 'informational',
    message: `inventory of ${who(identity)} in ${where}`,
    account,
    identity: identityOf(identity),
    report,
    data: recordData(record, nameCells(record.cells)),
  };
}
