import { isDeepStrictEqual } from 'node:util';
import type { Check } from './check.ts';
import { serviceOf } from './freezing.ts';
import { referenceFold } from './reference-fold.ts';
import { finalMatch } from './reference-match.ts';

export const rematched: Check = {
  name: 'a new match that was asked for is made',
  look: ({ run, incidents }, broken) => {
    const pinnedAt = (serviceId: string) =>
      run.scenario.catalog.pins.find((pin) => pin.serviceId === serviceId)?.at ?? 0;
    for (const { id, log, row } of incidents) {
      const doneAt = run.rematches.get(id)?.doneAt;
      if (doneAt === undefined || !row) continue;
      if (row['rematch_requested'] !== undefined) broken(`${id} still waits for the new match asked for`);
      const service = serviceOf(referenceFold(log));
      if (!service || doneAt < Math.max(run.catalogDoneAt, pinnedAt(service.id))) continue;
      const wanted = finalMatch(service, run.scenario.catalog);
      if (!wanted) continue;
      const found = [row['services'] ?? [], row['team'], row['rule']];
      if (isDeepStrictEqual(found, [wanted.services, wanted.team, wanted.rule])) continue;
      broken(`${id} was matched again and says ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
  },
};
