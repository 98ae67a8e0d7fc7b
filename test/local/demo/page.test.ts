import { createPage, wrap } from '../../../lib/local/demo/page.ts';
import { duration, gist } from '../../../lib/local/demo/words.ts';

describe('wrapping', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['one', 10, ['one']],
    ['unbreakable', 5, ['unbreakable']],
    ['a unbreakable b', 5, ['a', 'unbreakable', 'b']],
    ['', 5, ['']],
  ])('of %j to %d columns gives %j', (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });
});

describe('a page', () => {
  it.each([
    [true, '\u001b[32mgood\u001b[39m'],
    [false, 'good'],
  ])('with colours: %s', (colors, painted) => {
    expect(createPage(() => {}, colors).paint('green', 'good')).toBe(painted);
  });

  it('indents the lines of a paragraph by the width of what stands before the first', () => {
    let text = '';
    createPage((more) => {
      text += more;
    }, false).paragraph('word '.repeat(20).trim(), 'why  ');
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^why {2}word/);
    expect(lines[1]).toMatch(/^ {5}word/);
  });
});

describe('words', () => {
  it.each([
    [45, '45 s'],
    [60, '1 min'],
    [1920, '32 min'],
    [3600, '1 h'],
    [7384, '2 h 3 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text.replaceAll(' ', '\u00a0'));
  });

  it('say of a late event what the incident is by now, and nothing of its restoration', () => {
    const incident = {
      id: 'Q1',
      status: 'resolved' as const,
      time_to_restore_seconds: 60,
      reopen_count: 0,
      merged_into: null,
      custom_fields: {},
    };
    const event = {
      version: '1' as const,
      id: 'e',
      sequence: 3,
      type: 'incident.acknowledged',
      occurred_at: '',
      started_at: '',
      team: 'web',
      incident,
      match: { rule: 'pinned' as const, explanation: '' },
      pagerduty: { service: { id: 'P1' }, teams: [] },
    };
    expect(gist({ ...event, late: true })).toBe('team web, late,\u00a0by\u00a0now\u00a0resolved');
    expect(gist(event)).toBe('team web, restored\u00a0in\u00a01\u00a0min');
  });
});
