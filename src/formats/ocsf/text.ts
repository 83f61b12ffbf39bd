/** A member of a JSON object and the comma behind it; nothing for what JSON has no word for. */
export function member(key: string, value: unknown): string {
  const text = JSON.stringify(value) as string | undefined; // undefined of undefined, whatever its type says
  return text === undefined ? '' : `"${key}":${text},`;
}

/** All members of a part, with a comma behind each. */
export function members(part: object): string {
  const text = JSON.stringify(part);
  return text === '{}' ? '' : `${text.slice(1, -1)},`;
}
