import type { FaultKind } from './fault.ts';

type TroubleState = 'failing' | 'late' | 'quarantined' | 'held' | 'left';

/** Something that is not as it should be, since when and why. What is well is not listed. */
export interface Trouble {
  readonly state: TroubleState;
  readonly fault?: FaultKind;
  readonly message: string;
  readonly since: string;
  /** Of an organisation: when what all its members suffered from was seen to be over, while some are not back yet. */
  readonly over?: string;
}

/** The part `health.json` of the source `muster/<deployment>/health`: the state of everything that is not well. */
export interface Health {
  readonly version: 1;
  readonly sources: Readonly<Record<string, Trouble>>;
  readonly sinks: Readonly<Record<string, Trouble>>;
  /** By `aws/main`; left out when all are well. */
  readonly organizations?: Readonly<Record<string, Trouble>>;
}

export const HEALTH_PART = 'health.json';
export const HEALTH_KIND = 'health';
