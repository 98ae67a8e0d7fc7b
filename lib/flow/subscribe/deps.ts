import { createHash } from 'node:crypto';
import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import type { Clock, Http, SecretStore } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Asked, Wanted } from './situation.ts';

export interface SubscribeDeps {
  api: PagerDutyApi;
  store: Store;
  secrets: SecretStore;
  http: Http;
  clock: Clock;
}

export interface Wish {
  wanted: Wanted;
  asked: Asked;
  /** What it is called where nobody calls it otherwise. */
  usualDescription: string;
  /** With what is in them; a new subscription is made with these. */
  headers: readonly { name: string; value: string }[];
}

export type SubscribeFaultCode =
  | 'front_door'
  | 'headers'
  | 'store'
  | 'not_proven'
  | 'elsewhere'
  | 'unsettled';

/** Why it could not be done, for people; nothing secret in it. */
export class SubscribeFault extends Error {
  override readonly name = 'SubscribeFault';
  readonly code: SubscribeFaultCode;
  constructor(code: SubscribeFaultCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Tells secrets apart without telling them. */
export const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 16);
