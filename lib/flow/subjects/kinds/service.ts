import type { LoggedEvent } from '../../../domain/incident/logged-event.ts';
import { type ServiceFacts, serviceFacts } from '../../../domain/incident/service-event.ts';
import { service as kind } from '../../../domain/subject/service.ts';
import { expiry } from '../../../store/database/due.ts';
import { deferEvent, readEvent, settleEvent } from '../../../store/events/events.ts';
import { readMapping, writeMapping } from '../../../store/mappings/mappings.ts';
import type { ProcessDeps } from '../../freeze/deps.ts';
import { newest } from '../../freeze/judge.ts';
import type { WorkDeps } from '../deps.ts';
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
      if (dueAt && facts?.name === undefined && (await isToBeAskedFor(deps, subject, event))) {
        await deferEvent(store, { ...key, dueAt }, comesBackAt(deps, subject));
        continue;
      }
      const expiresAt = expiry(clock.now(), config.retention_days);
      if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt });
    }
  },
};

const hourMs = 3_600_000;
/** Where PagerDuty has not said in a day what a service is called, it will not. */
const askedForMs = 24 * hourMs;

/** Whether nothing has told what the service is called, and PagerDuty can. */
async function isToBeAskedFor({ store, clock, config }: WorkDeps, subject: string, event: LoggedEvent) {
  if (!config.pagerduty || event.eventType === 'service.deleted') return false;
  if (clock.now() - Date.parse(event.receivedAt) > askedForMs) return false;
  return (await readMapping(store, kind.idOf(subject)))?.name === undefined;
}

/** When it is looked at again: the stream's worker leaves the asking to a sweep. */
function comesBackAt({ clock, servicesToAskFor }: WorkDeps, subject: string): number {
  servicesToAskFor?.add(kind.idOf(subject));
  return clock.now() + (servicesToAskFor ? hourMs : 1);
}

/** What is told of a service goes into its row, with what it matches, unless the row knows something later. */
export async function showService(
  { store, clock, matcher }: ProcessDeps,
  facts: ServiceFacts,
): Promise<void> {
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
