import fc from 'fast-check';
import { fold, foldAll } from '../../../lib/domain/incident/fold.ts';
import { type FoldEvent, toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { incidentAttributes } from '../../../lib/domain/incident/incident-attributes.ts';
import { type IncidentState, initialState } from '../../../lib/domain/incident/state.ts';
import { generateHistory } from '../../support/histories.ts';
import { tries } from '../../support/often.ts';
import { seededRng } from '../../support/rng.ts';
import { loggedEvent } from '../../support/webhooks.ts';

const config = { severity: {} };
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function history(seed: number) {
  const { bodies, truth } = generateHistory(seededRng(seed));
  const logged = bodies.map((body) => loggedEvent(body));
  return { id: logged[0]?.incidentId ?? '', events: logged.map(toFoldEvent), truth };
}

/** What becomes of a state that is written to the incident's row and read back. */
const stored = (state: IncidentState) => JSON.parse(JSON.stringify(state)) as IncidentState;

/** A shuffle that fast-check can shrink: sorting keys drawn beside the seed. */
function shuffled(events: FoldEvent[], order: number[]): FoldEvent[] {
  return events
    .map((event, index) => ({ event, rank: order[index % order.length] ?? 0, index }))
    .sort((a, b) => a.rank - b.rank || b.index - a.index)
    .map(({ event }) => event);
}

const orders = fc.array(fc.integer(), { minLength: 1, maxLength: 40 });

describe('the fold of generated histories', () => {
  it('tells what somebody who watched the incident would tell', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { id, events, truth } = history(seed);
        const state = foldAll(id, events);
        const row = incidentAttributes(state, config);
        expect({
          status: row.status,
          started_at: row.started_at,
          acknowledged_at: row.acknowledged_at,
          finished_at: row.finished_at,
          time_to_acknowledge_seconds: row.time_to_acknowledge_seconds,
          time_to_restore_seconds: row.time_to_restore_seconds,
          reopen_count: row.reopen_count,
          merged_into: row.merged_into,
          priority: row.priority,
          urgency: row.urgency,
          title: row.title,
          service_id: row.pagerduty_service_id,
          custom_fields: row.custom_fields,
        }).toEqual(truth);
        expect(row.inferred).toBeUndefined();
      }),
      { numRuns: tries(500) },
    );
  });

  it('is the same for any order and any repetition of the events', () => {
    fc.assert(
      fc.property(seeds, orders, orders, (seed, first, second) => {
        const { id, events } = history(seed);
        const repeated = [
          ...shuffled(events, first),
          ...shuffled(events, second).slice(0, second.length % 7),
        ];
        expect(foldAll(id, repeated)).toEqual(foldAll(id, events));
      }),
      { numRuns: tries(300) },
    );
  });

  it('is the same whether folded at once or one by one through a stored row', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { id, events } = history(seed);
        let state = initialState(id);
        for (const event of events) state = stored(fold(state, event));
        expect(state).toEqual(foldAll(id, events));
        expect(stored(state)).toStrictEqual(state);
      }),
      { numRuns: tries(300) },
    );
  });

  it('has as its state as of event k the fold of the first k events', () => {
    fc.assert(
      fc.property(seeds, orders, (seed, order) => {
        const { id, events } = history(seed);
        let state = initialState(id);
        for (const [index, event] of events.entries()) {
          state = fold(state, event);
          expect(state).toEqual(foldAll(id, shuffled(events.slice(0, index + 1), order)));
        }
      }),
      { numRuns: tries(100) },
    );
  });

  it('leaves the state it was given as it was', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { id, events } = history(seed);
        let state = initialState(id);
        for (const event of events) {
          const before = JSON.stringify(state);
          const next = fold(state, event);
          expect(JSON.stringify(state)).toBe(before);
          state = next;
        }
      }),
      { numRuns: tries(100) },
    );
  });

  it('never tells an impossible time, whatever part of the history was seen', () => {
    fc.assert(
      fc.property(seeds, fc.infiniteStream(fc.boolean()), (seed, keep) => {
        const { id, events } = history(seed);
        let state = initialState(id);
        for (const event of events) {
          if (!keep.next().value) continue;
          state = fold(state, event);
          const row = incidentAttributes(state, config);
          if (row.status === 'resolved') {
            expect(row.finished_at).toBeDefined();
            expect(String(row.finished_at) >= String(row.started_at)).toBe(true);
            const { inferred = [] } = row;
            expect(row.time_to_restore_seconds === undefined).toBe(
              row.merged_into !== undefined ||
                (inferred.includes('time_to_restore_seconds') && row.time_to_restore_seconds === undefined),
            );
          } else {
            expect(row.finished_at).toBeUndefined();
            expect(row.time_to_restore_seconds).toBeUndefined();
            expect(row.merged_into).toBeUndefined();
          }
          for (const seconds of [row.time_to_restore_seconds ?? 0, row.time_to_acknowledge_seconds ?? 0]) {
            expect(seconds).toBeGreaterThanOrEqual(0);
            expect(Number.isInteger(seconds)).toBe(true);
          }
          const wholeLife = Date.parse(String(row.finished_at)) - Date.parse(String(row.started_at));
          if (row.time_to_restore_seconds !== undefined) {
            expect(row.time_to_restore_seconds).toBeLessThanOrEqual(Math.floor(wholeLife / 1000));
          }
        }
      }),
      { numRuns: tries(300) },
    );
  });
});
