import type { Format } from '../format.ts';
import { EDITION_1_8 } from './edition-1-8.ts';
import { ocsfEvents } from './event.ts';

const write = ocsfEvents(EDITION_1_8);

/** OCSF 1.8.0, one event a line. */
export const ocsf: Format = {
  name: 'ocsf',
  encode: (event) => write(event),
};
