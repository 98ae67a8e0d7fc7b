import type { Clock, Http, Secrets } from '../../ports.ts';

export interface SourceDeps {
  http: Http;
  secrets: Secrets;
  clock: Clock;
}

/** A catalog that is asked over HTTP. */
export interface CatalogSource {
  /** Of the entry in bridge.yml; what it defines is pushed under this name. */
  name: string;
  /**
   * All it defines, as texts that the readers of files take. Whole or not at all: throws `SourceFault` for anything
   * that is less. Done before `deadlineMs`, epoch milliseconds.
   */
  read(deadlineMs: number): Promise<string[]>;
}

/** Why a source could not be read as a whole; a sentence for people without anything secret in it. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}
