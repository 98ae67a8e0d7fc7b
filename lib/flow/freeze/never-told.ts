import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { expiry } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';

/** Why an incident is let go of which only notes and the like were seen. */
export const neverTold = 'never_told';

const hourMs = 3_600_000;

/**
 * Until when events wait that no event has named a service for: a note on an incident that was over before the
 * bridge came has nobody it could go to. As long as a delivery is tried, after the last of them came. Undefined
 * for an incident that was told once.
 */
export function waitsUntil(pass: Pass, progress: Progress, config: BridgeConfig): number | undefined {
  if (progress.lastSequence > 0 || pass.unfrozen.length === 0) return undefined;
  const last = Math.max(...pass.unfrozen.map(({ event }) => Date.parse(event.receivedAt)));
  return last + config.retry.horizon_hours * hourMs;
}

const firstAskMs = 120_000;

/** When PagerDuty is to be asked for an incident that waits so: soon after its first event, and then every hour. */
export function asksAt(pass: Pass, { askedAt }: Progress): number {
  if (askedAt !== undefined) return Date.parse(askedAt) + hourMs;
  return Math.min(...pass.unfrozen.map(({ event }) => Date.parse(event.receivedAt))) + firstAskMs;
}

/** What the row says of an incident that was let go. It is told anew as soon as an event names its service. */
export function letGoAttributes(config: BridgeConfig, nowMs: number): Row {
  return {
    forwarding: 'settled',
    reason: neverTold,
    expires_at: expiry(nowMs, config.retention_days),
  };
}
