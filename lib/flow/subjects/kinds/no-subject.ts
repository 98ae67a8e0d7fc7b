import { noSubject as kind } from '../../../domain/subject/no-subject.ts';
import { keepOnly } from '../keep-only.ts';
import type { Subject } from '../subject.ts';

/** The event is kept, and nobody is owed anything. */
export const noSubject: Subject = {
  kind,
  async work(deps, wake) {
    const settled = await keepOnly(deps, wake, 'no_incident');
    if (settled === 0) return;
    deps.telemetry.metric('EventsAboutNothing', settled);
    deps.telemetry.info('event is about no incident and no service', { log_id: wake.subject });
  },
};
