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
    // The deployment before goes on for a while, and may compare names in its own way.
    const { at: deployedAt, lingersMs } = run.scenario.deployments.at(-1) ?? { at: 0, lingersMs: 0 };
    for (const { id, log, row } of incidents) {
      const requests = run.rematches.get(id) ?? [];
      // Whoever was cut short has to ask again.
      if (row?.['rematch_requested'] !== undefined && requests.at(-1)?.done !== false) {
        broken(`${id} still waits for the new match asked for`);
      }
      const service = serviceOf(referenceFold(log));
      if (!row || !service) continue;
      const settledAt = Math.max(run.catalogDoneAt, pinnedAt(service.id), deployedAt + lingersMs);
      const promised = requests.some(({ begunAt, done }) => done && begunAt > settledAt);
      const wanted = finalMatch(service, run.scenario);
      if (!promised || !wanted) continue;
      const found = [row['services'] ?? [], row['team'], row['rule']];
      if (isDeepStrictEqual(found, [wanted.services, wanted.team, wanted.rule])) continue;
      broken(`${id} was matched again and says ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
  },
};
