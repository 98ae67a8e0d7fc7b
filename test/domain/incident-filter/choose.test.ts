import fc from 'fast-check';
import {
  type Choosy,
  choose,
  type Standing,
  standingAfter,
} from '../../../lib/domain/incident-filter/choose.ts';
import type { CountedFacts } from '../../../lib/domain/incident-filter/counted-facts.ts';

const told = (source: string, more: Partial<CountedFacts> = {}): CountedFacts => ({
  services: ['cart'],
  source,
  person: false,
  ...more,
});
const facts = (priority?: string): CountedFacts => ({
  priority,
  services: ['cart'],
  source: 'pagerduty',
  person: false,
});
const severe: Choosy = { name: 'severe', only: { priorities: ['P1'] } };
const all: Choosy = { name: 'all' };
const begin: Standing = { owed: [], leftOut: [] };

/** Freezes one event after the other; `nobody` is an event that leaves for nobody. */
function tell(priorities: (string | undefined | 'nobody')[], destinations: Choosy[], from = begin) {
  let standing = from;
  return priorities.map((priority) => {
    const choice = choose(destinations, priority === 'nobody' ? undefined : facts(priority), standing);
    standing = standingAfter(standing, { destinations: destinations.map(({ name }) => name), ...choice });
    return choice;
  });
}

describe('which destinations hear of an event', () => {
  it('is all of them where nothing is chosen', () => {
    expect(tell(['P3', undefined], [all])).toEqual([
      { leftOut: [], begins: [] },
      { leftOut: [], begins: [] },
    ]);
  });

  it('is not the one that wants other priorities, for as long as the priority stays what it is', () => {
    expect(tell(['P3', undefined, 'P2'], [severe, all]).map(({ leftOut }) => leftOut)).toEqual([
      ['severe'],
      ['severe'],
      ['severe'],
    ]);
  });

  it('is that one too from the event on that raises the priority', () => {
    expect(tell(['P3', 'P1', 'P1'], [severe])).toEqual([
      { leftOut: ['severe'], begins: [] },
      { leftOut: [], begins: ['severe'] },
      { leftOut: [], begins: [] },
    ]);
  });

  it('stays that one when the priority is lowered again', () => {
    expect(tell(['P1', 'P3', undefined], [severe]).map(({ leftOut }) => leftOut)).toEqual([[], [], []]);
  });

  it('does not begin with an event that leaves for nobody', () => {
    expect(tell(['nobody', 'P3', 'P1'], [severe, all])).toEqual([
      { leftOut: ['severe'], begins: [] },
      { leftOut: ['severe'], begins: [] },
      { leftOut: [], begins: ['severe'] },
    ]);
  });

  it('begins with the next event once nothing is chosen any more', () => {
    const after = { owed: ['severe'], leftOut: ['severe'] };
    expect(tell(['P3'], [{ name: 'severe' }], after)).toEqual([{ leftOut: [], begins: ['severe'] }]);
  });

  it('counts an incident that was sent before anything was chosen', () => {
    expect(tell(['P3'], [severe], { owed: ['severe'], leftOut: [] })).toEqual([{ leftOut: [], begins: [] }]);
  });

  it('asks for both where `only` and `counts` are given', () => {
    const both: Choosy = { name: 'both', only: { services: ['cart'] }, counts: { priorities: ['P1'] } };
    expect(tell(['P2', 'P1'], [both]).map(({ leftOut }) => leftOut)).toEqual([['both'], []]);
  });
});

it('whatever the priorities become: nothing is left out after the first event that was wanted', () => {
  const priority = fc.constantFrom('P1', 'P2', 'P3', undefined, 'nobody' as const);
  fc.assert(
    fc.property(fc.array(priority, { maxLength: 12 }), (priorities) => {
      const choices = tell(priorities, [severe, all]);
      const first = priorities.indexOf('P1');
      choices.forEach(({ leftOut, begins }, at) => {
        expect(leftOut).toEqual(first >= 0 && at >= first ? [] : ['severe']);
        expect(begins).toEqual(at === first && at > 0 ? ['severe'] : []);
      });
    }),
  );
});

describe('which destinations hear of what another program reports', () => {
  const rows: [string, Choosy, boolean][] = [
    ['none that knows PagerDuty alone', { name: 'd' }, false],
    ['all where others may report', { name: 'd', reports: true }, true],
    ['the one that asks for the source', { name: 'd', only: { sources: ['DORA_API'] } }, true],
    [
      'not the one that asks for another',
      { name: 'd', reports: true, only: { sources: ['pagerduty'] } },
      false,
    ],
    ['not the one that chooses by something else', { name: 'd', only: { services: ['cart'] } }, false],
    ['the one that names what only reports are', { name: 'd', events: ['incident.deleted'] }, true],
    ['not the one that names what webhooks are too', { name: 'd', events: ['incident.resolved'] }, false],
  ];
  it.each(rows)('is %s', (_who, destination, hears) => {
    const { leftOut } = choose([destination], told('dora_api'), begin);
    expect(leftOut).toEqual(hears ? [] : ['d']);
  });

  it.each(rows.map(([, destination]) => destination))(
    'changes nothing about PagerDuty’s: %j',
    (destination) => {
      const { reports: _reports, events: _events, ...before } = destination;
      expect(choose([destination], told('pagerduty'), begin)).toEqual(
        choose([before], told('pagerduty'), begin),
      );
    },
  );

  it('does not begin with an incident that was taken back, and goes on where it had begun', () => {
    const gone = told('dora_api', { withdrawn: true });
    const asking: Choosy = { name: 'd', only: { sources: ['dora_api'] } };
    expect(choose([asking], gone, begin).leftOut).toEqual(['d']);
    expect(choose([asking], gone, { owed: ['d'], leftOut: [] }).leftOut).toEqual([]);
  });
});
