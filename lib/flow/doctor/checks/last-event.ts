import { duration } from '../../../domain/text/duration.ts';
import { eachMapping } from '../../../store/mappings/list.ts';
import { type Check, ok } from '../check.ts';

/** By the rows of services, each of which knows its last incident: the log has no order across incidents. */
export const lastEvent: Check = {
  name: 'last incident',
  async look({ store, clock }) {
    let last = '';
    for await (const row of eachMapping(store)) {
      const at = String(row['last_incident_at'] ?? '');
      if (at > last) last = at;
    }
    if (last === '') return ok('no incident has come yet');
    return ok(
      `the last event of an incident is of ${last}, ${duration((clock.now() - Date.parse(last)) / 1000)} ago`,
    );
  },
};
