import { type Asked, ask } from '../../../lib/domain/metrics/ask.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const range = (asked: Asked) => {
  const answer = ask(asked, now);
  return 'question' in answer
    ? [answer.question.scope.fromMs, answer.question.scope.toMs].map(iso)
    : `${answer.fault.name} ${answer.fault.message}`;
};

describe('a question', () => {
  it.each<[string, Asked, [string, string]]>([
    ['is about the last 90 days', {}, ['2025-12-10T12:00:00.000Z', '2026-03-10T12:00:00.000Z']],
    [
      'of hours, days and weeks',
      { since: '2w', until: '36h' },
      ['2026-02-24T12:00:00.000Z', '2026-03-09T00:00:00.000Z'],
    ],
    [
      'of days',
      { since: '2026-03-01', until: '2026-03-08' },
      ['2026-03-01T00:00:00.000Z', '2026-03-08T00:00:00.000Z'],
    ],
    [
      'of days of a time zone',
      { since: '2026-03-01', time_zone: 'America/New_York' },
      ['2026-03-01T05:00:00.000Z', '2026-03-10T12:00:00.000Z'],
    ],
    [
      'of days east of it',
      { since: '2026-03-01', time_zone: 'Pacific/Kiritimati' },
      ['2026-02-28T10:00:00.000Z', '2026-03-10T12:00:00.000Z'],
    ],
    [
      'of times',
      { since: '2026-03-01T09:00:00+02:00' },
      ['2026-03-01T07:00:00.000Z', '2026-03-10T12:00:00.000Z'],
    ],
  ])('%s', (_what, asked, expected) => {
    expect(range(asked)).toEqual(expected);
  });

  it.each<[Asked, RegExp]>([
    [{ since: 'yesterday' }, /^since is not a time: "yesterday"\. Write 90d/],
    [{ since: '2026-02-31T00:00' }, /^since is not a time/],
    [{ since: '2026-03-01T09:00' }, /^since is not a time/],
    [{ since: '0d' }, /^since is not a time/],
    [{ until: '90' }, /^until is not a time/],
    [{ since: '1d', until: '2d' }, /^since must lie before/],
    [{ since: '2020-01-01' }, /^since lies more than 1100 days back/],
    [{ by: 'day' }, /^by is one of service, team, env, week, month, not "day"/],
    [{ time_zone: 'Mars/Olympus' }, /^time_zone is no time zone: "Mars\/Olympus"/],
  ])('%j is refused with a sentence', (asked, sentence) => {
    expect(range(asked)).toMatch(sentence);
  });
});
