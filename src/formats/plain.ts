import type { Format } from './format.ts';

/** The event itself as one line of JSON: what `muster schema events` describes. */
export const plain: Format = {
  name: 'plain',
  encode: (event) => JSON.stringify(event),
};
