import { type ServiceFacts, serviceFacts } from '../../../domain/incident/service-event.ts';
import { service as kind } from '../../../domain/subject/service.ts';
import { expiry } from '../../../store/database/due.ts';
import { readEvent, settleEvent } from '../../../store/events/events.ts';
import { readMapping, writeMapping } from '../../../store/mappings/mappings.ts';
import type { ProcessDeps } from '../../freeze/deps.ts';
import { newest } from '../../freeze/judge.ts';
import type { Subject } from '../subject.ts';

/**
 * Keeps the mapping row of a PagerDuty service current, so that a service nobody has mapped shows before its
 * first incident, and a renamed one is matched under its new name.
 */
export const service: Subject = {
  kind,
  async work(deps, { subject, logKeys }) {
    const { store, clock, config } = deps;
    for (const logKey of logKeys) {
      const key = { incidentId: subject, logKey };
      const event = await readEvent(store, key);
      if (!event) continue;
      const facts = serviceFacts(event);
      if (facts) await showService(deps, facts);
      const { dueAt } = event;
      const expiresAt = expiry(clock.now(), config.retention_days);
      if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt });
    }
  },
};

async function showService({ store, clock, matcher }: ProcessDeps, facts: ServiceFacts): Promise<void> {
  const mapping = await readMapping(store, facts.id);
  const seenAt = facts.occurredAt;
  if (mapping?.seenAt && mapping.seenAt > seenAt) return;
  const { service } = newest(facts, seenAt, mapping);
  const teams = facts.teams ?? mapping?.teams.map((name) => ({ id: name, name })) ?? [];
  const pin = mapping?.pin;
  const { match } = await matcher.match({ service, teams, ...(pin ? { pin } : {}) });
  await writeMapping(store, {
    service,
    teams,
    seenAt,
    match,
    matchedAtMs: clock.now(),
    held: false,
    deleted: facts.deleted,
  });
}
