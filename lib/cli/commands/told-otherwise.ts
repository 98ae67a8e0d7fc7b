import { cell } from '../../adapters/terminal/plain.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readOutgoing } from '../../store/outgoing/outgoing.ts';

/** Whom a destination takes the incident to belong to, where that is not what the row says. */
export interface ToldOtherwise {
  destination: string;
  services: string[];
  team?: string;
}

interface Attribution {
  services?: string[];
  team?: string;
}

/**
 * Compares what each destination was told last with the incident's row. A destination that keeps a picture remembers
 * by what it knows the incident; the others were told by the last event they accepted.
 */
export async function toldOtherwise(
  store: Store,
  row: Row,
  deliveries: readonly Row[],
): Promise<ToldOtherwise[]> {
  const latest = new Map<string, Row>();
  for (const delivery of deliveries) {
    const remembers = delivery['memory'] !== undefined;
    if (delivery['status'] === 'delivered' || remembers)
      latest.set(String(delivery['destination']), delivery);
  }
  const found: ToldOtherwise[] = [];
  for (const [destination, delivery] of latest) {
    const told = await attributionOf(store, delivery);
    if (!told) continue;
    const { services = [], team } = told;
    const said = JSON.stringify([services.toSorted(), team]);
    const known = JSON.stringify([((row['services'] ?? []) as string[]).toSorted(), cell(row, 'team')]);
    if (said !== known) found.push({ destination, services, ...(team === undefined ? {} : { team }) });
  }
  return found;
}

/** Nothing where it was deleted again, or where what was told has expired. */
async function attributionOf(store: Store, delivery: Row): Promise<Attribution | undefined> {
  const memory = delivery['memory'] as { identity?: Attribution; deleted?: true } | undefined;
  if (memory?.identity) return memory.deleted ? undefined : memory.identity;
  const id = String(delivery['incident_id']);
  return (await readOutgoing(store, id, Number(delivery['sequence'])))?.incidentEvent;
}
