import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import type { Difference } from '../../domain/pagerduty/history/differs.ts';
import type { ToldByWebhooks } from '../../domain/pagerduty/history/told-by-webhooks.ts';
import type { Clock, Telemetry } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Reconciled } from '../../store/state/reconciled.ts';

export interface ReconcileDeps {
  api: PagerDutyApi;
  store: Store;
  clock: Clock;
  telemetry: Telemetry;
  /** How long the log is kept: what happened before may have been told, and be forgotten. */
  retentionDays: number;
  /** The address that PagerDuty sends to, where it is known. */
  webhookUrl?: string | undefined;
  /** Enables a subscription that PagerDuty has disabled; absent where that is not wanted. */
  enable?: ((subscriptionId: string) => Promise<void>) | undefined;
}

export interface ReconcileQuestion {
  /** Nothing new is begun after this; the next run goes on. */
  stopAtMs: number;
  /** Compares what happened since then once more, whatever was compared before, and keeps no watermark. */
  sinceMs?: number | undefined;
  dryRun?: boolean | undefined;
}

export interface RepairedIncident {
  incidentId: string;
  /** What was otherwise; `log`: PagerDuty's log has an event that nobody told us. */
  why: Difference | 'log';
  /** Types of the events that were written down, in their order. */
  events: string[];
}

export interface ReconcileReport {
  /** What happened later is left to webhooks. */
  untilMs: number;
  compared: number;
  repaired: RepairedIncident[];
  events: number;
  /** Incidents that began before all this and that nobody here knows. */
  past: number;
  /** Types of log entries that nobody here knows, by how many there were. */
  unknown: Record<string, number>;
  /** Log entries of seconds in which there were too many to list. */
  unreadable: number;
  subscriptions: { id: string; state: SubscriptionState }[];
  /** `false`: time was up, and the next run goes on. */
  finished: boolean;
}

export type SubscriptionState = 'well' | 'disabled' | 'off' | 'gone';

/** One run at work: what it was asked, what it goes by, and what came of it so far. */
export interface Run {
  deps: ReconcileDeps;
  question: ReconcileQuestion;
  state: Reconciled;
  told: ToldByWebhooks;
  untilMs: number;
  report: ReconcileReport;
  /** Incidents that PagerDuty has listed. */
  met: Set<string>;
  /** Writes down how far this has come. */
  save(): Promise<void>;
}

/** There was no time left; what is done is done. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export function checkTime({ deps, question }: Pick<Run, 'deps' | 'question'>): void {
  if (deps.clock.now() >= question.stopAtMs) throw new OutOfTime();
}
