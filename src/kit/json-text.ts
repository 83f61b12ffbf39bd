/** Without what JSON escapes. Half a surrogate is escaped as well: whoever has a surrogate goes the long way. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** What JSON.stringify writes between the quotes of a text, three times faster where nothing needs an escape. */
export function escaped(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1);
}
