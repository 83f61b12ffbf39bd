const TEXT = /"(?:\\.|[^"\\])*"\s*(:)?/gs;

/** Whether a name stands twice in one object of the JSON text: of its values parsing keeps the last one only. `parsed` is what came of it. */
export function hasKeyTwice(text: string, parsed: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(TEXT)) if (colon !== undefined) written += 1;
  return written !== keysIn(parsed);
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce((sum: number, one) => sum + keysIn(one), 0);
  return Array.isArray(value) ? inside : inside + Object.keys(value).length;
}
