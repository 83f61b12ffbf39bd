/** One number that Muster aims at: the unit is in the names. */
export interface Line {
  readonly bench: string;
  readonly aim?: string;
  readonly met?: boolean;
  readonly [measure: string]: string | number | boolean | undefined;
}
