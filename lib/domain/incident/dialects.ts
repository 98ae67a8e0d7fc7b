import type { Dialect } from './dialect.ts';
import { pagerDutyWebhook } from './dialects/pagerduty-webhook.ts';
import { report } from './dialects/report.ts';

/** Every way in which an incident's log is written; its key says in which. */
const dialects: readonly Dialect[] = [pagerDutyWebhook, report];

/** A log of no incident (a service's, for one) holds PagerDuty's webhooks too. */
export function dialectOf(key: string): Dialect {
  return dialects.find(({ kind }) => kind.owns(key)) ?? pagerDutyWebhook;
}

/** Whether the key is an incident's, wherever it was told. */
export const isIncident = (key: string): boolean => dialects.some(({ kind }) => kind.owns(key));
