/** A safe name of one of many answers of an attempt. */
export function pageKey(name: string, number: number): string {
  return `${name}-${String(number).padStart(5, '0')}`;
}
