import { incident as kind } from '../../../domain/subject/incident.ts';
import { expiry } from '../../../store/database/due.ts';
import { inParallel } from '../../../store/database/in-parallel.ts';
import type { Claim } from '../../../store/deliveries/delivery.ts';
import { deferEvent, postponeEvent, settleEvent } from '../../../store/events/events.ts';
import { deliverIncident } from '../../deliver/deliver-incident.ts';
import { stillJudgedBy } from '../../freeze/judge.ts';
import { neverTold } from '../../freeze/never-told.ts';
import { processIncident } from '../../freeze/process-incident.ts';
import type { WorkDeps } from '../deps.ts';
import type { Subject, Wake } from '../subject.ts';

/** How long a worker may go on sending what it has claimed. */
export const claimMs = 45_000;
/** A held incident whose judgement is out of date by the time it is written is judged again, at most so often. */
const rejudgements = 5;
const marksAtOnce = 10;

/** Works out what the incident owes, sends it, and settles its events. */
export const incident: Subject = {
  kind,
  async work(deps, wake, stopAtMs) {
    for (let round = 0; round < rejudgements; round++) {
      if (!(await workOnce(deps, wake, stopAtMs))) return;
    }
  },
};

/** Whether it should be done again. */
async function workOnce(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<boolean> {
  const { store, clock, config } = deps;
  const { subject: incidentId } = wake;
  const claim: Claim = { token: deps.random.token(), untilMs: clock.now() + claimMs };
  const processed = await processIncident(deps, incidentId, wake.logKeys, claim);
  if (processed.kind !== 'processed') return false;
  const { busy } = await deliverIncident(
    deps,
    incidentId,
    processed.owed.flatMap(({ outgoing, released = [] }) => [
      ...released,
      ...outgoing.destinations.map((destination) => ({ destination, sequence: outgoing.sequence, outgoing })),
    ]),
    { claim, stopAtMs: Math.min(stopAtMs, claim.untilMs), probing: false },
  );
  const expiresAt = expiry(clock.now(), config.retention_days);
  await inParallel(processed.owed, marksAtOnce, async ({ outgoing, dueAt }) => {
    const key = { incidentId, logKey: outgoing.logKey };
    if (busy.has(outgoing.sequence)) await postponeEvent(store, key, claim.untilMs, false);
    else if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt });
  });
  await inParallel(processed.twins, marksAtOnce, (event) =>
    settleEvent(store, event, { expiresAt, outcome: 'skipped: twin' }),
  );
  // A push that landed while the incident was judged by the old catalog would otherwise leave it stuck.
  const { heldBy } = processed;
  if (heldBy && !(await stillJudgedBy(deps, heldBy.serviceId, heldBy.judgedBy))) return true;
  const { waitsUntilMs, askAtMs, letGo } = processed;
  const againMs =
    waitsUntilMs === undefined || askAtMs === undefined || letGo || incidentId.startsWith('sha256:')
      ? waitsUntilMs
      : Math.min(waitsUntilMs, comesBackAt(deps, incidentId, askAtMs));
  await inParallel(processed.held, marksAtOnce, async (event) => {
    if (letGo) await settleEvent(store, event, { expiresAt, outcome: `skipped: ${neverTold}` });
    else if (againMs !== undefined) await deferEvent(store, event, againMs);
    else await settleEvent(store, event);
  });
  return processed.more && clock.now() < stopAtMs;
}

const hourMs = 3_600_000;

/** When an incident is looked at again that PagerDuty is to be asked for: the stream's worker leaves that to a sweep. */
function comesBackAt({ clock, toAskFor }: WorkDeps, incidentId: string, askAtMs: number): number {
  const now = clock.now();
  if (askAtMs > now) return askAtMs;
  toAskFor?.add(incidentId);
  return now + (toAskFor ? hourMs : 1);
}
