const TEXT = /"(?:\\.|[^"\\])*"\s*(:)?/gs;

/** Whether a name stands twice in one object of the JSON text: of its values parsing keeps the last one only. `parsed` is what came of it. */
export function hasKeyTwice(text: string, parsed: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(TEXT)) if (colon !== undefined) written += 1;
  return written !== keysIn(parsed);
}

/** However deep. */
function keysIn(parsed: unknown): number {
  let keys = 0;
  const left = [parsed];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inside: readonly unknown[] = Object.values(value);
    if (!Array.isArray(value)) keys += inside.length;
    for (const one of inside) left.push(one);
  }
  return keys;
}
