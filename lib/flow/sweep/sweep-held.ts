import { fingerprint } from '../../domain/matching/fingerprint.ts';
import { anyHeld, heldIncidents } from '../../store/incidents/incidents.ts';
import { heldServices, unwatchService } from '../../store/mappings/mappings.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import { workSubject } from '../subjects/work-subject.ts';
import type { SweepRun } from './sweep-report.ts';

const incidentsAtOnce = 8;
const batch = 100;
/** A service stays watched this long after its last held incident: the index may be behind. */
const watchMs = 3_600_000;
/** Stands before every fingerprint. */
const judgedByNothing = '#';

/** Held incidents are judged again when catalog, pin or name are no longer what they were judged by. */
export async function sweepHeld({ deps, report, stopAtMs }: SweepRun): Promise<void> {
  const { store, clock, matcher } = deps;
  const watched = await heldServices(store);
  if (watched.length === 0) return;
  // Not always the same ones first: where time runs out, each has its turn over some minutes.
  const first = Math.floor(deps.random.unit() * watched.length);
  const services = [...watched.slice(first), ...watched.slice(0, first)];
  const generation = await matcher.currentGeneration();
  for (const service of services) {
    // Where the configuration holds nothing any more, no judgement is a reason to go on holding.
    const holding = deps.config.unmatched === 'hold';
    const judgedBy = holding
      ? fingerprint(generation, deps.config, service.pin, service.name)
      : judgedByNothing;
    const seen = new Set<string>();
    for (;;) {
      const held = await heldIncidents(store, service.serviceId, judgedBy, batch);
      const fresh = held.filter(({ incidentId }) => !seen.has(incidentId));
      await forEachLimited(fresh, incidentsAtOnce, async ({ incidentId }) => {
        seen.add(incidentId);
        await workSubject(deps, { subject: incidentId, logKeys: [] }, stopAtMs);
        report.held += 1;
      });
      if (fresh.length === 0 || clock.now() >= stopAtMs) break;
    }
    const quiet = seen.size === 0 && clock.now() - Date.parse(service.heldAt) > watchMs;
    if (quiet && !(await anyHeld(store, service.serviceId))) {
      await unwatchService(store, service.serviceId, service.heldAt);
    }
    if (clock.now() >= stopAtMs) return;
  }
}
