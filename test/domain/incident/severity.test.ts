import { severityOf } from '../../../lib/domain/incident/severity.ts';
import { priority, stateOf } from './support.ts';

describe('severity', () => {
  const rows: [string, string | undefined, Record<string, string>, string | undefined][] = [
    ['is the name of the priority', 'P1', {}, 'P1'],
    ['is translated if the configuration lists it', 'P1', { P1: 'SEV-1' }, 'SEV-1'],
    ['is translated regardless of case and outer space', 'p1 ', { P1: 'SEV-1' }, 'SEV-1'],
    ['is translated as it is written, where keys differ in case only', 'p1', { P1: 'a', p1: 'b' }, 'b'],
    ['keeps its name if the configuration lists others', 'P2', { P1: 'SEV-1' }, 'P2'],
    ['is absent without a priority', undefined, { P1: 'SEV-1' }, undefined],
    ['is not taken from what every object inherits', 'constructor', {}, 'constructor'],
  ];
  it.each(rows)('%s', (_what, name, severity, expected) => {
    expect(severityOf(name === undefined ? {} : { priority: name }, { severity })).toBe(expected);
  });

  it('is never the urgency', () => {
    expect(
      severityOf(stateOf([['10:00:00', 'triggered', { priority: null, urgency: 'high' }]]), { severity: {} }),
    ).toBeUndefined();
    expect(
      severityOf(stateOf([['10:00:00', 'triggered', priority('P3')]]), { severity: { high: 'x' } }),
    ).toBe('P3');
  });
});
