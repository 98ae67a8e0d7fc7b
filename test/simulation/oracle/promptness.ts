import type { Check } from './check.ts';
import { accepted2xx } from './evidence.ts';

/** `sweep` would find a forgotten event after 30 seconds; nobody should have to wait for that in good weather. */
const promptMs = 15_000;

export const prompt: Check = {
  name: 'in good weather an event is frozen within seconds, however many come at once',
  look: ({ run, incidents, rows }, broken) => {
    const { stream, skewMs } = run.scenario;
    // Only where each event gets a call of its own; behind a stream it may wait for another incident's deliveries.
    if (run.faults > 0 || skewMs > 2_500 || !stream.direct || stream.pauses.length > 0) return;
    const received = new Map(rows('events').map((row) => [row['event_id'], Date.parse(row['received_at'])]));
    const held = new Set(
      run.changes.flatMap(({ table, key, after }) =>
        table === 'incidents' && after?.['held_reason'] ? [key['incident_id']?.S] : [],
      ),
    );
    for (const { id, outgoing } of incidents) {
      if (held.has(id)) continue;
      for (const frozen of outgoing) {
        const waited = Date.parse(frozen['frozen_at']) - (received.get(frozen['event_id']) ?? 0);
        if (waited > promptMs) broken(`${id} sequence ${frozen['sequence']} was frozen after ${waited} ms`);
      }
    }
  },
};

const longestAttemptMs = 30_000;

export const openOnlyInTrouble: Check = {
  name: 'a destination that answers is not left alone',
  look: ({ run, rows }, broken) => {
    if (run.faults > 0) return;
    for (const row of rows('destinations')) {
      const receipts = run.receivers.get(row['destination'])?.receipts ?? [];
      const last = receipts.at(-1);
      if (row['state'] !== 'open' || !last?.heard || !accepted2xx(last)) continue;
      // One that was under way at the same time may have run into its timeout after the last was accepted.
      const overlapping = receipts.some(({ heard, at }) => !heard && at > last.at - longestAttemptMs);
      if (!overlapping) {
        broken(`${row['destination']} counts as down although it accepted what was sent last`);
      }
    }
  },
};
