import fc from 'fast-check';
import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { incidentAttributes } from '../../../lib/domain/incident/incident-attributes.ts';
import { isCoherent } from '../../support/coherent.ts';
import { generateHistory, type Truth } from '../../support/histories.ts';
import { tries } from '../../support/often.ts';
import { seededRng } from '../../support/rng.ts';
import { loggedEvent, type WebhookBody } from '../../support/webhooks.ts';

const facts = [
  'status',
  'started_at',
  'acknowledged_at',
  'finished_at',
  'time_to_acknowledge_seconds',
  'time_to_restore_seconds',
  'reopen_count',
] as const satisfies (keyof Truth)[];

function rowOf(bodies: readonly WebhookBody[]) {
  const logged = bodies.map((body) => loggedEvent(body));
  const state = foldAll(logged[0]?.incidentId ?? '', logged.map(toFoldEvent));
  return incidentAttributes(state, { severity: {} });
}

/** The facts that are given as exact and are not what somebody who watched the incident would tell. */
function exactAndWrong(bodies: readonly WebhookBody[], truth: Truth): string[] {
  const row = rowOf(bodies);
  return facts
    .filter((name) => row[name] !== undefined && !row.inferred?.includes(name) && row[name] !== truth[name])
    .map((name) => `${name} is ${row[name]}, was ${truth[name]}`);
}

describe('when an event is lost', () => {
  it.each([
    ['any', {}],
    ['one that flaps', { flapping: true, events: 12 }],
  ])('no number of %s is exact and wrong, unless nothing can betray the loss', (_kind, options) => {
    let betrayed = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { bodies, truth } = generateHistory(seededRng(seed), options);
        for (const lost of bodies.keys()) {
          const seen = bodies.toSpliced(lost, 1);
          if (seen.length === 0 || isCoherent(seen)) continue;
          betrayed += 1;
          expect([bodies[lost]?.event.event_type, exactAndWrong(seen, truth)]).toEqual([
            bodies[lost]?.event.event_type,
            [],
          ]);
        }
      }),
      { numRuns: tries(300) },
    );
    expect(betrayed).toBeGreaterThan(tries(300));
  });

  it('a whole history is coherent and has nothing inferred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { bodies } = generateHistory(seededRng(seed));
        expect(isCoherent(bodies)).toBe(true);
        expect(rowOf(bodies).inferred).toBeUndefined();
      }),
      { numRuns: tries(200) },
    );
  });
});
