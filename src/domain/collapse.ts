const COLLAPSED_BY = 20;

/** More than half gone, and more than a small account could lose in an afternoon: then nothing is believed at once. */
export function isCollapse(before: number, after: number): boolean {
  return after < before / 2 && before - after > COLLAPSED_BY;
}
