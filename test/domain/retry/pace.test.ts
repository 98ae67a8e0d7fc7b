import { firstPace, nextPace, type Pace } from '../../../lib/domain/retry/pace.ts';

const good = { tookMs: 200, accepted: true };
const after = (pace: Pace, ...answers: { tookMs: number; accepted: boolean }[]) =>
  answers.reduce(nextPace, pace).atOnce;

describe('how much at once a destination gets that catches up', () => {
  it.each<[string, number | undefined, number]>([
    ['begins moderately', undefined, 8],
    ['begins within its bound', 3, 3],
    ['begins no higher where the bound is high', 100, 8],
  ])('%s', (_, bound, atOnce) => {
    expect(firstPace(bound).atOnce).toBe(atOnce);
  });

  it.each<[string, number, number]>([
    ['not before a whole round was good', 7, 8],
    ['one more after a round of good answers', 8, 9],
    ['another one after the next, longer round', 8 + 9, 10],
    ['up to the most', 5_000, 32],
  ])('is raised: %s', (_, answers, atOnce) => {
    expect(after(firstPace(undefined), ...Array.from({ length: answers }, () => good))).toBe(atOnce);
  });

  it('stays where it is while answers are slow', () => {
    const slow = Array.from({ length: 100 }, () => ({ tookMs: 1_001, accepted: true }));
    expect(after(firstPace(undefined), ...slow)).toBe(8);
  });

  it('is halved after an answer that was no acceptance, and never stops', () => {
    const refusal = { tookMs: 10, accepted: false };
    expect(after(firstPace(undefined), refusal)).toBe(4);
    expect(after(firstPace(undefined), refusal, refusal, refusal, refusal, refusal)).toBe(1);
  });
});
