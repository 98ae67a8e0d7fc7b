import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { update } from '../database/request.ts';

/** Notes when PagerDuty was asked for an incident that no event tells of, and what it said where that was nothing. */
export async function noteAsked(
  store: Store,
  incidentId: string,
  nowMs: number,
  answer: string | undefined,
): Promise<void> {
  await update(
    store,
    'incidents',
    { incident_id: incidentId },
    {
      set: { pagerduty_asked_at: iso(nowMs), pagerduty_answer: answer },
      when: 'attribute_exists(#incident_id)',
    },
  );
}
