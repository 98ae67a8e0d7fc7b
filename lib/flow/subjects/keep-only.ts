import { expiry } from '../../store/database/due.ts';
import { readDueAt, settleEvent } from '../../store/events/events.ts';
import type { WorkDeps } from './deps.ts';
import type { Wake } from './subject.ts';

/** The events are kept and nobody is owed anything; `reason` stands on their rows. How many it settled. */
export async function keepOnly(
  { store, clock, config }: WorkDeps,
  { subject, logKeys }: Wake,
  reason: string,
): Promise<number> {
  const expiresAt = expiry(clock.now(), config.retention_days);
  let settled = 0;
  for (const logKey of logKeys) {
    const key = { incidentId: subject, logKey };
    const dueAt = await readDueAt(store, key);
    if (!dueAt) continue;
    await settleEvent(store, { ...key, dueAt }, { expiresAt, outcome: `skipped: ${reason}` });
    settled += 1;
  }
  return settled;
}
