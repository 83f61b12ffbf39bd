/**
 * A user name may have commas, and whether AWS quotes them is not documented. Where it does not, the name stands in the row twice, and
 * the ARN, which ends in it, tells how far it goes.
 */
export function withCommas(row: readonly string[], header: readonly string[]): readonly string[] | undefined {
  if (header[0] !== 'user' || header[1] !== 'arn') return undefined;
  const arnAt = row.findIndex((cell) => cell.startsWith('arn:'));
  const restAt = 2 + row.length - header.length;
  if (arnAt < 1 || restAt <= arnAt) return undefined;
  const name = row.slice(0, arnAt).join(',');
  const arn = row.slice(arnAt, restAt).join(',');
  return arn.endsWith(`/${name}`) ? [name, arn, ...row.slice(restAt)] : undefined;
}
