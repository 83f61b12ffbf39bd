const SLOTS_OF_EACH = 2;
const HASHED_CHARS = 8;

/** Where each of many texts stands; of one that stands there twice, the last. Much faster to fill than a Map where texts differ from their beginning, as ids do. */
export class TextPlaces {
  readonly #textAt: (place: number) => string | undefined;
  /** One more than the place; 0 is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(count: number, textAt: (place: number) => string | undefined) {
    this.#textAt = textAt;
    let size = 8;
    while (size < count * SLOTS_OF_EACH) size *= 2;
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (let place = 0; place < count; place++) this.#add(textAt(place) ?? '', place);
  }

  get(text: string): number | undefined {
    const place = (this.#slots[this.#slotOf(text)] ?? 0) - 1;
    return place === -1 ? undefined : place;
  }

  #add(text: string, place: number): void {
    this.#slots[this.#slotOf(text)] = place + 1;
  }

  /** The slot that holds the text, or the free one where it would be. */
  #slotOf(text: string): number {
    let slot = hashOf(text) & this.#mask;
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place === -1 || this.#textAt(place) === text) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hashOf(text: string): number {
  const end = Math.min(text.length, HASHED_CHARS);
  let hash = text.length;
  for (let at = 0; at < end; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 15);
}
