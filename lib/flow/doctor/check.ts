import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import type { Clock, Http, Secrets } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';

/** What the bridge runs on, as far as that can be asked. */
export interface Deployment {
  /** How people name it. */
  where: string;
  /** The address that PagerDuty sends to; undefined where nothing says it. */
  webhookUrl?: string;
  /** Of the configuration it runs with, as `fingerprintOf` makes it. */
  configFingerprint?: string;
  /** How a changed configuration comes into force. */
  applyWith: string;
  /** PagerDuty can reach it. */
  isPublic: boolean;
  /** Undefined where there is nothing of the kind. */
  functions?: () => Promise<RunningPart[]>;
  /** Undefined where nobody counts them. */
  webhooks?: () => Promise<LastWebhooks>;
  /** Which tables can be set back to an earlier moment; undefined where none can. */
  backups?: () => Promise<{ table: string; on: boolean }[]>;
  alarms?: () => Promise<{ name: string; what: string; since?: string }[]>;
}

export interface RunningPart {
  name: string;
  /** Absent while all is well. */
  fault?: string;
  /** Of the last day; absent where there were none or nobody counts them. */
  failures?: { times: number; lastAt: string; readWith: string };
}

/** ISO 8601, UTC; what is absent has not happened since. */
export interface LastWebhooks {
  since: string;
  acceptedAt?: string;
  /** Because its credentials did not match. */
  refusedAt?: string;
}

export interface DoctorDeps {
  config: BridgeConfig;
  configFile: string;
  /** The secrets the bridge reads, with their places: references, as bridge.yml or this machine has them. */
  secretUses: { path: string; reference: string }[];
  deployment: Deployment;
  store: Store;
  http: Http;
  clock: Clock;
  secrets: Secrets;
  /** Undefined without a key. */
  pagerDuty?: PagerDutyApi;
  /** Ask PagerDuty for a ping. */
  ping: boolean;
}

/**
 * `fault`: something is lost or will be. `warning`: somebody should look. `skipped`: it could not be looked at, which
 * is neither good nor bad.
 */
export type Health = 'fault' | 'warning' | 'skipped' | 'ok';

export interface Finding {
  health: Health;
  /** In a sentence. */
  says: string;
  /** The command, or the place in the documentation, that mends it. */
  next?: string;
}

/** One thing to look at. It changes nothing, and throws only what nobody has foreseen. */
export interface Check {
  name: string;
  /** What it takes is more than the usual limit. */
  limitMs?: number;
  look(deps: DoctorDeps): Promise<Finding[]>;
}

export const ok = (says: string): Finding[] => [{ health: 'ok', says }];
export const skipped = (says: string, next?: string): Finding[] => [
  { health: 'skipped', says, ...(next === undefined ? {} : { next }) },
];
export const warning = (says: string, next?: string): Finding => ({
  health: 'warning',
  says,
  ...(next === undefined ? {} : { next }),
});
export const fault = (says: string, next?: string): Finding => ({
  health: 'fault',
  says,
  ...(next === undefined ? {} : { next }),
});

/** The findings, or that all is well. */
export const orOk = (findings: Finding[], says: string): Finding[] =>
  findings.length > 0 ? findings : ok(says);
