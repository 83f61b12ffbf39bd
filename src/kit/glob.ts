/** Whole texts by a pattern: `*` is any text, `?` one character; upper and lower case are the same. No pattern takes more than length times length. */
export function isLike(text: string, pattern: string): boolean {
  const [letters, signs] = [Array.from(text.toLowerCase()), Array.from(pattern.toLowerCase())];
  let at = 0;
  let sign = 0;
  let star: { readonly sign: number; at: number } | undefined;
  while (at < letters.length) {
    if (signs[sign] === '*') {
      star = { sign, at };
      sign += 1;
    } else if (signs[sign] === '?' || (sign < signs.length && signs[sign] === letters[at])) {
      at += 1;
      sign += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      sign = star.sign + 1;
    } else return false;
  }
  return signs.slice(sign).every((one) => one === '*');
}
