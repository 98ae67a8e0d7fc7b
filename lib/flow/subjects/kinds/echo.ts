import { echo as kind } from '../../../domain/subject/echo.ts';
import { keepOnly } from '../keep-only.ts';
import type { Subject } from '../subject.ts';

/** What this bridge sent out has come back in: it is known already. */
export const echo: Subject = {
  kind,
  async work(deps, wake) {
    if ((await keepOnly(deps, wake, 'sent_by_this_bridge')) === 0) return;
    deps.telemetry.info('a fact that this bridge sent has come back in', { log_id: wake.subject });
  },
};
