import { dueShards } from '../../store/database/due.ts';
import { dueEvents } from '../../store/events/events.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import { workDueSubject } from '../subjects/work-subject.ts';
import { noteAge, type SweepRun } from './sweep-report.ts';

const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));
/** In each of the shards, which are worked on side by side. */
const incidentsAtOnce = 2;
const batch = 100;

/** Events whose due marks nobody has settled in time: the stream missed them, or their worker died. */
export async function sweepEvents(run: SweepRun): Promise<void> {
  await Promise.all(shards.map((shard) => sweepShard(run, shard)));
}

/** Reads on past what it has worked on, so that one incident with many due events cannot hide the rest. */
async function sweepShard(run: SweepRun, shard: string): Promise<void> {
  const { deps, report, stopAtMs } = run;
  const seen = new Set<string>();
  let fromMs = 0;
  while (deps.clock.now() < stopAtMs) {
    const page = await dueEvents(deps.store, shard, deps.clock.now(), batch, fromMs);
    const incidents = new Map<string, string[]>();
    for (const event of page) {
      noteAge(run, event.dueAt);
      if (seen.has(event.incidentId)) continue;
      incidents.set(event.incidentId, [...(incidents.get(event.incidentId) ?? []), event.logKey]);
    }
    await forEachLimited(incidents, incidentsAtOnce, async ([incidentId, logKeys]) => {
      if (deps.clock.now() >= stopAtMs) return;
      seen.add(incidentId);
      await workDueSubject(deps, { subject: incidentId, logKeys }, stopAtMs);
      report.incidents += 1;
    });
    const last = page.at(-1);
    if (!last || page.length < batch) return;
    // Marks of the same millisecond that did not fit on the page are left to the next sweep.
    fromMs = Math.max(Date.parse(last.dueAt), fromMs + 1);
  }
}
