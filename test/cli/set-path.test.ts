import { setPath } from '../../lib/cli/set-path.ts';

const body = () => ({ event: { event_type: 'x', data: { title: 'a', teams: [{ id: 'P1' }] } } });

describe('--set', () => {
  it.each([
    ['event.data.title=b', { data: { title: 'b' } }],
    ['data.title=b', { data: { title: 'b' } }],
    ['data.title=a=b', { data: { title: 'a=b' } }],
    ['data.title=', { data: { title: '' } }],
    ['data.number=7', { data: { number: 7 } }],
    ['data.number="7"', { data: { number: '7' } }],
    ['data.priority=null', { data: { priority: null } }],
    ['data.priority.summary=P1', { data: { priority: { summary: 'P1' } } }],
    ['data.title.deeper=b', { data: { title: { deeper: 'b' } } }],
    ['data.teams.0.id=P2', { data: { teams: [{ id: 'P2' }] } }],
    ['data.teams.1={"id":"P3"}', { data: { teams: [{ id: 'P1' }, { id: 'P3' }] } }],
    ['data.teams=[]', { data: { teams: [] } }],
    ['id=E1', { id: 'E1' }],
  ])('%s', (assignment, changed) => {
    const changing = body();
    setPath(changing, assignment);
    expect(changing.event).toMatchObject(changed);
    expect(changing.event.event_type).toBe('x');
  });

  it.each([
    ['title'],
    ['=x'],
    ['data..title=x'],
    ['__proto__.polluted=1'],
    ['data.constructor.prototype.x=1'],
  ])('%s is refused', (assignment) => {
    expect(() => setPath(body(), assignment)).toThrow(/--set/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
