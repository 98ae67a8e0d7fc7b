import {
  type Commit,
  medianOfCommits,
} from '../../../../lib/domain/deployment/lead-time/median-of-commits.ts';

const finishedAtMs = Date.UTC(2026, 2, 2, 10);
const hour = 3_600_000;
const ago = (hours: number, isMerge = false): Commit => ({
  committedAtMs: finishedAtMs - hours * hour,
  isMerge,
});

describe('the median from commit to the finish of the deployment', () => {
  it.each<[what: string, commits: Commit[], expected: ReturnType<typeof medianOfCommits>]>([
    ['one commit', [ago(3)], { commits: 1, seconds: 3 * 3600 }],
    ['an odd number', [ago(9), ago(1), ago(4)], { commits: 3, seconds: 4 * 3600 }],
    [
      'an even number: between the two in the middle',
      [ago(8), ago(1), ago(3), ago(4)],
      { commits: 4, seconds: 3.5 * 3600 },
    ],
    ['merges left out', [ago(2), ago(1, true), ago(4)], { commits: 2, seconds: 3 * 3600 }],
    ['nothing but merges', [ago(1, true)], { commits: 0, reason: 'only_merges' }],
    ['nothing at all', [], { commits: 0, reason: 'only_merges' }],
    ['dated after the finish: it took no time', [ago(-1), ago(1), ago(2)], { commits: 3, seconds: 3600 }],
    ['60 days old to the second', [ago(60 * 24)], { commits: 1, seconds: 60 * 86_400 }],
    ['older ones left out and said', [ago(60 * 24 + 1), ago(2)], { commits: 1, left_out: 1, seconds: 7200 }],
    ['only older ones', [ago(61 * 24), ago(62 * 24)], { commits: 0, left_out: 2, reason: 'old_commits' }],
    [
      'less than a second',
      [{ committedAtMs: finishedAtMs - 999, isMerge: false }],
      { commits: 1, seconds: 0 },
    ],
  ])('%s', (_, commits, expected) => {
    expect(medianOfCommits(commits, finishedAtMs)).toEqual(expected);
    expect(medianOfCommits([...commits].reverse(), finishedAtMs)).toEqual(expected);
  });
});
