import { cell } from '../../adapters/terminal/plain.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { incidentEventOf, readOutgoing } from '../../store/outgoing/outgoing.ts';

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
    const known = JSON.stringify(knownAs(row, delivery['memory'] !== undefined));
    if (said !== known) found.push({ destination, services, ...(team === undefined ? {} : { team }) });
  }
  return found;
}

/** What the row says, in the names that whoever remembers the incident by them would be told: Datadog's. */
function knownAs(row: Row, inDatadog: boolean): [string[], string | undefined] {
  const services = (row['services'] ?? []) as string[];
  const team = cell(row, 'team');
  const matches = (row['matches'] ?? []) as (Attribution & {
    datadog_services?: string[];
    datadog_team?: string;
  })[];
  const match = matches.findLast(
    (each) => each.team === team && JSON.stringify(each.services) === JSON.stringify(services),
  );
  if (!inDatadog || !match) return [services.toSorted(), team];
  return [(match.datadog_services ?? services).toSorted(), match.datadog_team ?? team];
}

/** Nothing where it was deleted again, or where what was told has expired. */
async function attributionOf(store: Store, delivery: Row): Promise<Attribution | undefined> {
  const memory = delivery['memory'] as { identity?: Attribution; deleted?: true } | undefined;
  if (memory?.identity) return memory.deleted ? undefined : memory.identity;
  const id = String(delivery['incident_id']);
  const outgoing = await readOutgoing(store, id, Number(delivery['sequence']));
  return outgoing && incidentEventOf(outgoing);
}
