import { expired as kind } from '../../../domain/subject/expired.ts';
import { keepOnly } from '../keep-only.ts';
import type { Subject } from '../subject.ts';

/**
 * What came long after it happened: what was known of its incident may have expired, so that it would begin the
 * incident anew for everybody. A webhook that somebody has captured looks like this when it is sent again.
 */
export const expired: Subject = {
  kind,
  async work(deps, wake) {
    const settled = await keepOnly(deps, wake, 'expired');
    if (settled === 0) return;
    deps.telemetry.metric('EventsExpired', settled);
    deps.telemetry.warn('event is older than retention_days and is kept without being processed', {
      log_id: wake.subject,
    });
  },
};
