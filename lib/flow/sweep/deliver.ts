import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import { deliverIncident } from '../deliver/deliver-incident.ts';
import type { CatchingUp } from '../deliver/settle.ts';
import { claimMs } from '../subjects/kinds/incident.ts';
import type { SweepRun } from './sweep-report.ts';

/** Sends deliveries of one incident under a claim of their own; whether anything was sent. */
export async function deliver(
  { deps, report, stopAtMs }: SweepRun,
  keys: readonly DeliveryKey[],
  how: { probing: boolean; catchingUp?: CatchingUp },
): Promise<boolean> {
  const [first] = keys;
  if (!first || deps.clock.now() >= stopAtMs) return false;
  const claim = { token: deps.random.token(), untilMs: deps.clock.now() + claimMs };
  const worked = await deliverIncident(deps, first.incidentId, keys, { ...how, claim, stopAtMs });
  report.deliveries += worked.deliveries;
  return worked.attempted;
}
