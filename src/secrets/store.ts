import type { Clock } from '../domain/clock.ts';

/** A place where secrets are kept, named by the scheme of a reference: `${aws-sm:name}`. Its folder's registry lists it. */
export interface SecretStorePlugin {
  readonly scheme: string;
  /** How to write a reference to it. */
  readonly hint: string;
  isName(name: string): boolean;
  /** Cheap: asks and loads nothing before the first `read`. */
  open(tools: SecretStoreTools): SecretStore;
}

export interface SecretStoreTools {
  /** Where the proxy is found, and the place's own variables. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

export interface SecretStore {
  /**
   * What the name stands for now, from memory for some minutes; throws a Fault. `isRefused`: what was given last was refused by whoever
   * it was for, so memory will not do. What was known once is given on while the place does not answer.
   */
  read(name: string, isRefused: boolean): Promise<string>;
}
