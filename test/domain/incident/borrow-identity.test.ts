import { borrowIdentity } from '../../../lib/domain/incident/borrow-identity.ts';
import { stayOf } from '../../../lib/domain/incident/state.ts';
import { startedAt } from '../../../lib/domain/incident/times.ts';
import { type Row, service, stateOf } from './support.ts';

describe('a thin event that came before any event named a service', () => {
  const rows: Row[] = [
    ['10:40:00', 'annotated'],
    ['10:45:00', 'acknowledged', { ...service('PAAAAAA', 'Alpha'), number: 7, title: 'Whole title' }],
    ['10:50:00', 'service_updated', service('PBBBBBB', 'Beta')],
  ];
  const early = stateOf(rows.slice(0, 1));
  const first = stateOf(rows.slice(0, 2));

  it('goes out with the incident, service and start of the first event that names one', () => {
    const lent = borrowIdentity(early, first);
    expect(stayOf(lent)).toEqual(stayOf(first));
    expect(lent).toMatchObject({ number: 7, title: 'Whole title' });
    expect(startedAt(early)).toBeUndefined();
    expect(startedAt(lent)).toBe('2026-03-02T10:00:00.000Z');
  });

  it('keeps status and counts as of itself', () => {
    const lent = borrowIdentity(early, first);
    expect(lent.status).toBeUndefined();
    expect(lent.event_count).toBe(1);
    expect(lent).not.toHaveProperty('acknowledged_at');
  });

  it('has nothing to borrow once its own state names a service', () => {
    expect(borrowIdentity(first, stateOf(rows))).toBe(first);
  });

  it('stays without a service if there is none to borrow', () => {
    expect(stayOf(borrowIdentity(early, early))).toBeUndefined();
  });
});
