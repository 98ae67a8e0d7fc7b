import type { Secrets } from '../../ports.ts';
import { type Receive, type ReceiveFromDeps, receiveFrom } from './receive-from.ts';
import type { Authenticators } from './sources/pagerduty-credentials.ts';
import { pagerDutyWebhook } from './sources/pagerduty-webhook.ts';

export interface ReceiveDeps extends ReceiveFromDeps {
  secrets: Secrets;
  config: { authenticate: Authenticators; retention_days: number };
}

/** `receive` has one source and leads every path to it: each further one would be paid for at every cold start. */
export const createReceive = (deps: ReceiveDeps): Receive =>
  receiveFrom(pagerDutyWebhook(deps.config.authenticate, deps.secrets, deps.config.retention_days), deps);
