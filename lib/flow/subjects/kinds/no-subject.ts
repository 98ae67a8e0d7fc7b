import { noSubject as kind } from '../../../domain/subject/no-subject.ts';
import { expiry } from '../../../store/database/due.ts';
import { readDueAt, settleEvent } from '../../../store/events/events.ts';
import type { Subject } from '../subject.ts';

/** The event is kept, and nobody is owed anything. */
export const noSubject: Subject = {
  kind,
  async work({ store, clock, config, telemetry }, { subject, logKeys }) {
    const expiresAt = expiry(clock.now(), config.retention_days);
    for (const logKey of logKeys) {
      const key = { incidentId: subject, logKey };
      const dueAt = await readDueAt(store, key);
      if (!dueAt) continue;
      await settleEvent(store, { ...key, dueAt }, { expiresAt, outcome: 'skipped: no_incident' });
      telemetry.metric('EventsAboutNothing', 1);
      telemetry.info('event is about no incident and no service', { log_id: subject });
    }
  },
};
