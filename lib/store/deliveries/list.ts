import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { eachRow, query } from '../database/request.ts';

/** The whole table, for the command line; see eachRow. */
export async function* eachDelivery(
  store: Store,
  wanted: { status?: string; destination?: string; incidentId?: string } = {},
) {
  const { status, destination, incidentId } = wanted;
  const filter = [
    ...(status === undefined ? [] : ['#status = :status']),
    ...(destination === undefined ? [] : ['#destination = :destination']),
    ...(incidentId === undefined ? [] : ['#incident_id = :incident']),
  ].join(' AND ');
  const values = {
    ...(status === undefined ? {} : { status }),
    ...(destination === undefined ? {} : { destination }),
    ...(incidentId === undefined ? {} : { incident: incidentId }),
  };
  yield* eachRow(store, 'deliveries', { filter, values });
}

/** The deliveries of one incident, in the order of destination and sequence. */
export async function deliveriesOf(store: Store, incidentId: string): Promise<Row[]> {
  return query(store, 'deliveries', { keys: '#incident_id = :id', values: { id: incidentId } });
}
