import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { takesBy } from '../../adapters/destinations/create-destinations.ts';
import type { DeploymentEvent } from '../../domain/deployment/deployment-event.ts';
import { isDeploymentEvent } from '../../domain/destination/outgoing-event.ts';
import { type Choosy, isChoosy, wants } from '../../domain/incident-filter/choose.ts';
import { wantsDeployment } from '../../domain/incident-filter/choose-deployments.ts';
import { countedFacts } from '../../domain/incident-filter/counted-facts.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import { noteCounted, readIncident } from '../../store/incidents/incidents.ts';
import { frozenAfter, type Outgoing } from '../../store/outgoing/outgoing.ts';
import type { OweDeps } from './finish-incident.ts';
import { releaseAll } from './release-left-out.ts';

const choosyNamed = ({ destinations }: BridgeConfig, name: string): Choosy | undefined =>
  destinations.find((each) => each.name === name && isChoosy(each));

/** Whether a destination that chooses wants the event's incident: it was sent some of it, or some event fits. */
export async function wantsIncident(
  { store, config }: { store: Store; config: BridgeConfig },
  key: DeliveryKey,
  outgoing: Outgoing,
): Promise<boolean> {
  if (isDeploymentEvent(outgoing.event)) return wantsThisDeployment(config, key, outgoing.event);
  if (takesNamed(config, key)?.incidents === false) return false;
  const choosy = choosyNamed(config, key.destination);
  if (!choosy) return true;
  const fits = ({ skipped, event, beside }: Outgoing) =>
    !skipped && !isDeploymentEvent(event) && wants(choosy, countedFacts(event, beside));
  if (fits(outgoing)) return true;
  const row = await readIncident(store, key.incidentId);
  const counted = row?.['counted_for'];
  if (counted instanceof Set && counted.has(key.destination)) return true;
  return (await frozenAfter(store, key.incidentId, 0)).some(fits);
}

/**
 * From now on the incident counts for the destination, whatever becomes of it: whoever works on it is told, and what
 * was left out before is owed too. Before the first row is written, so that no start goes out without its end.
 */
export async function countFor({ store, config }: OweDeps, key: DeliveryKey): Promise<void> {
  if (choosyNamed(config, key.destination)) await noteCounted(store, key.incidentId, key.destination);
}

/** Owes what was left out until the incident was noted to count; how much that was. */
export async function releaseCounted(deps: OweDeps, key: DeliveryKey): Promise<number> {
  if (!choosyNamed(deps.config, key.destination)) return 0;
  return (await releaseAll(deps, { ...key, sequence: lastSequence })).length;
}

/** Sequences are written with 8 digits. */
const lastSequence = 99_999_999;

/** One that never asked for deployments gets none by a backfill either. */
function wantsThisDeployment(config: BridgeConfig, key: DeliveryKey, event: DeploymentEvent): boolean {
  const only = config.destinations.find(({ name }) => name === key.destination)?.only;
  return takesNamed(config, key)?.deployments === true && wantsDeployment(only, event);
}

function takesNamed({ destinations }: BridgeConfig, { destination }: DeliveryKey) {
  const config = destinations.find(({ name }) => name === destination);
  return config && takesBy(config);
}
