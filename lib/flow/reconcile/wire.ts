import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { type Connection, connectPagerDuty } from '../../adapters/pagerduty-api/connect.ts';
import { enableSubscription } from '../../adapters/pagerduty-api/subscriptions.ts';
import type { ReconcileDeps } from './run.ts';

export type ReconcileSurroundings = Connection &
  Pick<ReconcileDeps, 'store' | 'clock' | 'telemetry' | 'webhookUrl'>;

/** What reconcile works with; undefined where the configuration has it off, or no key to ask PagerDuty with. */
export function reconcileDeps(
  { pagerduty, retention_days }: Pick<BridgeConfig, 'pagerduty' | 'retention_days'>,
  surroundings: ReconcileSurroundings,
): ReconcileDeps | undefined {
  if (pagerduty === undefined || pagerduty.reconcile === 'off') return undefined;
  if (surroundings.token === undefined && !pagerduty.token && !pagerduty.oauth) return undefined;
  const { store, clock, telemetry, webhookUrl } = surroundings;
  const writer = pagerduty.reenable && connectPagerDuty(pagerduty, { ...surroundings, writes: true });
  return {
    api: connectPagerDuty(pagerduty, surroundings),
    store,
    clock,
    telemetry,
    retentionDays: retention_days,
    webhookUrl,
    ...(writer ? { enable: (id) => enableSubscription(writer, id) } : {}),
  };
}
