import { parseRetryAfter } from '../../../lib/domain/retry/retry-after.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');

describe('Retry-After', () => {
  it.each<[string | undefined, number | undefined]>([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5000],
    ['1.5', 1500],
    ['Mon, 02 Mar 2026 10:01:00 GMT', 60_000],
    ['Monday, 02-Mar-26 10:01:00 GMT', 60_000],
    ['Mon Mar  2 10:01:00 2026 GMT', 60_000],
    ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['monkey', undefined],
    ['2026', 2_026_000],
    ['2026-03-02T10:01:00Z', undefined],
  ])('%j means %j ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
