import { serviceFacts } from '../../domain/incident/service-event.ts';
import { expiry } from '../../store/database/due.ts';
import { readEvent, settleEvent } from '../../store/events/events.ts';
import { readMapping, writeMapping } from '../../store/mappings/mappings.ts';
import type { ProcessDeps } from './deps.ts';
import { newest } from './judge.ts';

/**
 * Keeps the mapping row of a PagerDuty service current, so that a service nobody has mapped shows before its
 * first incident, and a renamed one is matched under its new name.
 */
export async function processServiceEvent(deps: ProcessDeps, logId: string, logKey: string): Promise<void> {
  const { store, clock, config, matcher } = deps;
  const event = await readEvent(store, { incidentId: logId, logKey });
  if (!event) return;
  const facts = serviceFacts(event);
  if (facts) {
    const mapping = await readMapping(store, facts.id);
    if (!mapping?.seenAt || mapping.seenAt <= event.occurredAt) {
      const { service } = newest(facts, event.occurredAt, mapping);
      const teams = facts.teams ?? mapping?.teams.map((name) => ({ id: name, name })) ?? [];
      const pin = mapping?.pin;
      const { match } = await matcher.match({ service, teams, ...(pin ? { pin } : {}) });
      await writeMapping(store, {
        service,
        teams,
        seenAt: event.occurredAt,
        match,
        matchedAtMs: clock.now(),
        held: false,
        deleted: facts.deleted,
      });
    }
  }
  const { dueAt } = event;
  const expiresAt = expiry(clock.now(), config.retention_days);
  if (dueAt) await settleEvent(store, { incidentId: logId, logKey, dueAt }, { expiresAt });
}
