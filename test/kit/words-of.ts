/** All words of these letters, the shortest first. */
export function wordsOf(letters: readonly string[], longest: number): readonly string[] {
  let words = [''];
  const all: string[] = [];
  for (let length = 1; length <= longest; length += 1) {
    words = words.flatMap((word) => letters.map((letter) => word + letter));
    all.push(...words);
  }
  return all;
}
