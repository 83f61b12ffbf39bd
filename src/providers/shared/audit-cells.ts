import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { Field, Reason } from '../../domain/record.ts';
import { readInstant } from '../../kit/read-instant.ts';
import { ABSENT, NEVER, NO_COLUMN, oddCell, type RowReader, reason, UNSUPPORTED } from '../../kit/row-reader.ts';

/** Muster's own words in the tables that it writes itself: no cloud's sentinel is carried over. */
const WORDS: Readonly<Record<Exclude<Reason, 'unknown'>, Field<never>>> = {
  never: NEVER,
  absent: ABSENT,
  unsupported: UNSUPPORTED,
};
const BETWEEN = '; ';
const NONE: readonly string[] = [];

export function writtenField<T>(field: Field<T>, write: (value: T) => string): string {
  if ('value' in field) return write(field.value);
  return field.why === undefined ? field.reason : `${field.reason}: ${field.why}`;
}

export function writtenInstant(field: Field<Instant>): string {
  return writtenField(field, formatInstant);
}

export function writtenList(list: readonly string[]): string {
  return list.map((one) => one.replaceAll(BETWEEN, ';')).join(BETWEEN);
}

/** The cells of one row by column name. */
export class Cells {
  readonly #reader: RowReader;
  readonly #places: ReadonlyMap<string, number>;

  constructor(reader: RowReader) {
    this.#reader = reader;
    this.#places = new Map(reader.columns.map((column, at) => [column, at]));
  }

  text(column: string): string {
    return this.#reader.row[this.#places.get(column) ?? -1] ?? '';
  }

  list(column: string): readonly string[] {
    const text = this.text(column);
    return text === '' ? NONE : text.split(BETWEEN);
  }

  /** Rows of one identity or key stand together: what the same cells made in the row above is taken again. */
  asAbove<T>(columns: readonly string[], make: () => T): () => T {
    let above: { readonly texts: readonly string[]; readonly made: T } | undefined;
    return () => {
      const same = above;
      if (same !== undefined && columns.every((column, at) => this.text(column) === same.texts[at])) return same.made;
      const { oddCells } = this.#reader;
      const made = make();
      // What is odd is noted in each row.
      const isPlain = this.#reader.oddCells === oddCells;
      above = isPlain ? { texts: columns.map((column) => this.text(column)), made } : undefined;
      return made;
    };
  }

  instant(column: string): Field<Instant> {
    return this.#field(column, readInstant, 'an instant');
  }

  flag(column: string): Field<boolean> {
    return this.#field(
      column,
      (cell) => (cell === 'TRUE' ? true : cell === 'FALSE' ? false : undefined),
      'TRUE or FALSE',
    );
  }

  number(column: string): Field<number> {
    return this.#field(column, (cell) => (/^\d{1,15}$/.test(cell) ? Number(cell) : undefined), 'a number');
  }

  /** Any text that is not one of Muster's own words. */
  word(column: string): Field<string> {
    return this.#field(column, (cell) => (cell === '' ? undefined : cell), 'a word');
  }

  oneOf<T extends string>(column: string, words: readonly T[]): T | undefined {
    const text = this.text(column);
    const word = words.find((one) => one === text);
    if (word === undefined) this.#odd(column, text, `one of ${words.join(', ')}`);
    return word;
  }

  #field<T>(column: string, read: (cell: string) => T | undefined, expected: string): Field<T> {
    if (!this.#places.has(column)) return NO_COLUMN;
    const cell = this.text(column);
    const empty = emptyOf(cell);
    if (empty !== undefined) return empty;
    const value = read(cell);
    return value === undefined ? this.#odd(column, cell, expected) : { value };
  }

  #odd(column: string, cell: string, expected: string): Field<never> {
    return oddCell(this.#reader, this.#places.get(column) ?? -1, cell, expected);
  }
}

function emptyOf(cell: string): Field<never> | undefined {
  if (Object.hasOwn(WORDS, cell)) return WORDS[cell as keyof typeof WORDS];
  if (cell === 'unknown') return reason('unknown');
  const said = /^(never|absent|unsupported|unknown): ([^]*)$/.exec(cell);
  return said === null ? undefined : reason(said[1] as Reason, said[2]);
}
