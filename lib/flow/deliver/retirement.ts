import type { Retired } from '../../domain/destination/destination.ts';
import { type Health, noteRetired } from '../../store/destinations/destinations.ts';
import type { DeliverDeps } from './deps.ts';

/** One warning a destination, however many deliveries end by it: each of them carries the reason itself. */
export async function warnOfRetirement(
  { store, clock, telemetry }: DeliverDeps,
  destination: string,
  { reason, remedy }: Retired,
  seen: Health,
): Promise<void> {
  if (seen.retired || !(await noteRetired(store, destination, clock.now()))) return;
  telemetry.warn('destination takes no more of this', { destination, reason, remedy });
}
