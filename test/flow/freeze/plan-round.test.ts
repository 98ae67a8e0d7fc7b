import { type IncidentState, initialState } from '../../../lib/domain/incident/state.ts';
import type { Attribution } from '../../../lib/flow/freeze/attribute-events.ts';
import { type Held, planRound, tellings } from '../../../lib/flow/freeze/plan-round.ts';
import type { RecordedMatch } from '../../../lib/flow/freeze/progress.ts';
import type { Pass, Step } from '../../../lib/flow/freeze/read-pass.ts';

/** States after events named by their log key, each at a service; `-` has named none yet. */
const stateAt = (key: string, service: string): IncidentState => ({
  ...initialState('Q1'),
  title: `as of ${key}`,
  ...(service === '-' ? {} : { service: { id: service }, visit: 1 }),
});

/** `a@P1` is event a at service P1; `!` at its end: without a due mark. */
function step(text: string): Step {
  const [, logKey = '', service = '', bare] = /^(\w)@([\w-]+)(!)?$/.exec(text) ?? [];
  const event = {
    incidentId: 'Q1',
    logKey,
    eventId: `E-${logKey}`,
    eventType: 'incident.triggered',
    occurredAt: '2026-03-02T10:00:00.000Z',
    receivedAt: '2026-03-02T10:00:00.000Z',
    body: '',
    ...(bare ? {} : { dueAt: 'due' }),
  };
  return { event, state: stateAt(logKey, service), announcement: {} } as unknown as Step;
}

const pass = (unfrozen: string[], now: string): Pass => ({
  current: stateAt('now', now),
  foldedThrough: 'z',
  unfrozen: unfrozen.map(step),
  frozen: new Map(),
  marks: new Map(),
  twins: [],
});

const match = (stay: string): RecordedMatch => ({
  stay,
  rule: 'service_url',
  services: ['checkout-api'],
  explanation: 'It is.',
  matched_at: '2026-03-02T10:00:00.000Z',
});
const matched: Attribution = { kind: 'matched', match: match('P1#1') };
const dropped: Attribution = { kind: 'dropped', stay: 'P1#1' };
const unmatched: Attribution = { kind: 'held', reason: 'unmatched' };
const unnamed: Attribution = { kind: 'held', reason: 'no_service_yet' };

describe('an event is told', () => {
  it.each<[string, string[], string | undefined, [string, string, boolean][]]>([
    [
      'as of itself when nothing is frozen',
      ['a@P1', 'b@P1'],
      undefined,
      [
        ['a', 'as of a', false],
        ['b', 'as of b', false],
      ],
    ],
    ['as of itself when only earlier ones are', ['c@P1'], 'b', [['c', 'as of c', false]]],
    [
      'as it is now, marked late, when later ones are',
      ['a@P1', 'c@P1'],
      'b',
      [
        ['a', 'as of now', true],
        ['c', 'as of c', false],
      ],
    ],
    [
      'as of itself when it is the one frozen last that is missing a row',
      ['b@P1'],
      'b',
      [['b', 'as of b', false]],
    ],
  ])('%s', (_, unfrozen, frozenThrough, wanted) => {
    const told = tellings(pass(unfrozen, 'P1'), { frozenThrough, unmarked: false });
    expect(told.map(({ step: { event }, state, late }) => [event.logKey, state.title, late])).toEqual(wanted);
  });

  it('under the service the first event names, when its own names none', () => {
    const [first] = tellings(pass(['a@-', 'b@P1', 'c@P2'], 'P2'), { unmarked: false });
    expect(first?.state.service).toEqual({ id: 'P1' });
  });

  it.each<[string, string, boolean, boolean]>([
    ['has a mark, and nothing was held', 'a@P1', false, false],
    ['has none', 'a@P1!', false, true],
    ['has one that whoever held it may still take off', 'a@P1', true, true],
  ])('with a new mark unless it %s', (_, text, mayBeUnmarked, wanted) => {
    const [told] = tellings(pass([text], 'P1'), { unmarked: mayBeUnmarked });
    expect(told?.unmarked).toBe(wanted);
  });
});

describe('a round', () => {
  const stillUnmatched: Held = { reason: 'unmatched', moved: false };

  it.each<
    [
      string,
      { unfrozen: string[]; now: string; attributions: Attribution[]; still?: Held },
      { freeze: string[]; hold: string[]; held?: Held },
    ]
  >([
    ['has nothing to do', { unfrozen: [], now: 'P1', attributions: [] }, { freeze: [], hold: [] }],
    [
      'freezes what matches, in log order',
      { unfrozen: ['a@P1', 'b@P1'], now: 'P1', attributions: [matched, matched] },
      { freeze: ['a', 'b'], hold: [] },
    ],
    [
      'freezes what is dropped as skipped',
      { unfrozen: ['a@P1', 'b@P1'], now: 'P1', attributions: [dropped, matched] },
      { freeze: ['a skipped', 'b'], hold: [] },
    ],
    [
      'holds the first that nothing matches and all behind it',
      { unfrozen: ['a@P1', 'b@P2', 'c@P2'], now: 'P2', attributions: [matched, unmatched] },
      { freeze: ['a'], hold: ['b', 'c'], held: { reason: 'unmatched', moved: false } },
    ],
    [
      'knows that the first held event is of a service the incident has left',
      { unfrozen: ['a@P1', 'b@P2'], now: 'P2', attributions: [unmatched] },
      { freeze: [], hold: ['a', 'b'], held: { reason: 'unmatched', moved: true } },
    ],
    [
      'holds what names no service',
      { unfrozen: ['a@-'], now: '-', attributions: [unnamed] },
      { freeze: [], hold: ['a'], held: { reason: 'no_service_yet', moved: false } },
    ],
    [
      'leaves behind what is held already whatever came since',
      { unfrozen: ['c@P1'], now: 'P1', attributions: [], still: stillUnmatched },
      { freeze: [], hold: ['c'], held: stillUnmatched },
    ],
    [
      'is held although nothing new has come',
      { unfrozen: [], now: 'P1', attributions: [], still: stillUnmatched },
      { freeze: [], hold: [], held: stillUnmatched },
    ],
  ])('%s', (_, { unfrozen, now, attributions, still }, wanted) => {
    const read = pass(unfrozen, now);
    const plan = planRound(read, tellings(read, { unmarked: false }), attributions, still);
    expect({
      freeze: plan.freeze.map(
        ({ step: { event }, skipped }) => `${event.logKey}${skipped ? ' skipped' : ''}`,
      ),
      hold: plan.hold.map(({ event }) => event.logKey),
      ...(plan.held && { held: plan.held }),
    }).toEqual(wanted);
  });

  it('says of what it drops that nothing matched it, under the stay it was at', () => {
    const read = pass(['a@P1'], 'P1');
    const [only] = planRound(read, tellings(read, { unmarked: false }), [dropped]).freeze;
    expect(only?.match).toMatchObject({ stay: 'P1#1', rule: 'none', services: [] });
  });
});
