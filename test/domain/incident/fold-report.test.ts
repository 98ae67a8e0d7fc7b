import fc from 'fast-check';
import { fold, foldAll } from '../../../lib/domain/incident/fold.ts';
import { type FoldEvent, toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { type IncidentState, initialState } from '../../../lib/domain/incident/state.ts';
import { startedAt } from '../../../lib/domain/incident/times.ts';
import { identify } from '../../../lib/domain/incident-report/identify.ts';
import type { IncidentReport } from '../../../lib/domain/incident-report/incident-report.ts';
import { loggedEvent } from '../../../lib/flow/receive/incoming-event.ts';

const begin = Date.parse('2026-03-02T09:00:00.000Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

interface Arrival {
  report: IncidentReport;
  receivedAt: string;
}

const told = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    severity: fc.constantFrom('SEV-1', 'SEV-2'),
    team: fc.constantFrom('payments', 'search'),
    started_at: fc.integer({ min: 0, max: 5 }).map(at),
    seen_at: fc.integer({ min: 0, max: 60 }).map(at),
    finished_at: fc.integer({ min: 6, max: 90 }).map(at),
  },
  { requiredKeys: [] },
);

/** Some reports of one incident, each different, received one after the other. */
const arrivals: fc.Arbitrary<Arrival[]> = fc.array(told, { minLength: 1, maxLength: 8 }).map((list) =>
  list.map((facts, index) => ({
    report: {
      source: index % 2 === 0 ? 'dora_api' : 'cdevents',
      external_id: 'INC-1',
      services: [],
      custom_tags: [`report:${index}`],
      ...facts,
    },
    receivedAt: at(100 + index),
  })),
);

function toFold({ report, receivedAt }: Arrival): FoldEvent {
  const { id: _id, ...incoming } = identify(report);
  return toFoldEvent(loggedEvent(incoming, receivedAt, {}));
}

const stateOf = (list: Arrival[]): IncidentState => foldAll('dora:INC-1', list.map(toFold));

/** What somebody would say who listened to all of it. */
function heard(list: Arrival[], fact: keyof IncidentReport): unknown {
  return list.findLast(({ report }) => report[fact] !== undefined)?.report[fact];
}

describe('what other programs report', () => {
  it('is, fact by fact, what was received last, in whatever order the log has it', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const state = stateOf(list);
        const seen = list.flatMap(({ report }) => report.seen_at ?? []).sort()[0];
        expect(state.title).toBe(heard(list, 'name'));
        expect(state.reported?.facts.severity).toBe(heard(list, 'severity'));
        expect(state.reported?.facts.team).toBe(heard(list, 'team'));
        expect(state.created_at).toBe(heard(list, 'started_at') ?? seen);
        expect(state.resolved_at).toBe(heard(list, 'finished_at'));
        expect(state.status).toBe(heard(list, 'finished_at') === undefined ? 'triggered' : 'resolved');
        expect(state.reported?.source).toBe(list[0]?.report.source);
      }),
    );
  });

  it('is the same whatever came twice, and in whatever order it is read', () => {
    const shuffled = arrivals.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length, maxLength: 2 * list.length }),
      ),
    );
    fc.assert(fc.property(shuffled, ([list, again]) => expect(stateOf(again)).toEqual(stateOf(list))));
  });

  it('is the same folded event by event onto what was known', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const events = list.map(toFold).sort((a, b) => (a.key < b.key ? -1 : 1));
        const state = events.reduce(
          (known, event) => JSON.parse(JSON.stringify(fold(known, event))) as IncidentState,
          initialState('dora:INC-1'),
        );
        expect(state).toEqual(stateOf(list));
      }),
    );
  });

  it('never loses a start or an end that any report told, whichever others are lost', () => {
    fc.assert(
      fc.property(arrivals, fc.func(fc.boolean()), (list, isLost) => {
        const kept = list.filter((_, index) => !isLost(index));
        const state = stateOf(kept);
        const ended = kept.some(({ report }) => report.finished_at !== undefined);
        const begun = kept.some(({ report }) => report.started_at !== undefined);
        expect(state.resolved_at !== undefined).toBe(ended);
        if (begun) expect(startedAt(state)).toBe(heard(kept, 'started_at'));
      }),
    );
  });
});
