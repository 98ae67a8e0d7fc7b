import { deployment as kind } from '../../../domain/subject/deployment.ts';
import { expiry } from '../../../store/database/due.ts';
import { inParallel } from '../../../store/database/in-parallel.ts';
import { incidentDeliveries } from '../../../store/deliveries/deliveries.ts';
import type { Claim } from '../../../store/deliveries/delivery.ts';
import {
  deferEvent,
  lastEventKey,
  markEventDue,
  postponeEvent,
  settleEvent,
} from '../../../store/events/events.ts';
import { deliverIncident } from '../../deliver/deliver-incident.ts';
import { keepMark } from '../../deployments/keep-mark.ts';
import { processDeployment } from '../../deployments/process-deployment.ts';
import { concernedIncidents } from '../../links/concerned-incidents.ts';
import { rejudge } from '../../links/rejudge.ts';
import type { WorkDeps } from '../deps.ts';
import type { Subject } from '../subject.ts';
import { claimMs } from './incident.ts';

const marksAtOnce = 10;
const incidentsAtOnce = 8;

/** Works out what a deployment is among the others, sends what there is to tell of it, and settles its events. */
export const deployment: Subject = {
  kind,
  async work(deps, { subject }, stopAtMs) {
    const { store, clock, config } = deps;
    const claim: Claim = { token: deps.random.token(), untilMs: clock.now() + claimMs };
    const id = kind.idOf(subject);
    const { settled, unknown, outdated, wish, concerns, againAtMs } = await processDeployment(
      deps,
      id,
      claim,
    );
    // Before anything of this one is settled: a worker that dies here comes back to it, and finds them again.
    await inParallel([...new Set(outdated)], marksAtOnce, (id) => wake(deps, id));
    if (concerns) {
      const incidents = await concernedIncidents(deps, concerns);
      await inParallel(incidents, incidentsAtOnce, (incident) =>
        rejudge(deps, incident, concerns.caused.includes(incident) ? id : undefined),
      );
    }
    if (settled.length === 0 && !wish) return;
    const pending = await incidentDeliveries(store, subject, true);
    const owed = pending.filter(({ dueAt }) => dueAt === undefined);
    const { busy } = await deliverIncident(deps, subject, owed, {
      claim,
      stopAtMs: Math.min(stopAtMs, claim.untilMs),
      probing: false,
    });
    const expiresAt = expiry(clock.now(), config.retention_days);
    const outcome = unknown ? { outcome: 'skipped: no_such_deployment' } : {};
    const asks = wish && busy.size === 0;
    const over = asks ? await keepMark(deps, subject, wish, settled) : settled;
    const last = asks ? undefined : over.at(-1);
    await inParallel(over, marksAtOnce, async (event) => {
      if (event === last && againAtMs !== undefined && busy.size === 0)
        await deferEvent(store, event, againAtMs);
      else if (busy.size > 0) await postponeEvent(store, event, claim.untilMs, false);
      else await settleEvent(store, event, { expiresAt, ...outcome });
    });
  },
};

/** `sweep` looks after it; what has expired is past being judged again. */
async function wake({ store, clock }: WorkDeps, id: string): Promise<void> {
  const last = await lastEventKey(store, kind.key(id));
  if (last) await markEventDue(store, last, clock.now());
}
