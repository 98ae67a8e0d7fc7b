import type { Verdict } from '../../../../lib/domain/deployment/compare.ts';
import type { Deployment } from '../../../../lib/domain/deployment/deployment.ts';
import type { Told } from '../../../../lib/domain/deployment/fold-deployment.ts';
import { leadTimeOf } from '../../../../lib/domain/deployment/lead-time/ask.ts';
import type { LeadTime } from '../../../../lib/domain/deployment/lead-time/lead-time.ts';
import { leadTimeReasons, leadTimeSentence } from '../../../../lib/domain/deployment/lead-time/reasons.ts';

const [base, head, third] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const finished_at = '2026-03-02T10:05:00.000Z';
const nowMs = Date.parse('2026-03-02T10:06:00.000Z');
const repository = 'git.example.com/acme/shop';

const told = (facts: Partial<Told> = {}): Told => ({
  status: 'succeeded',
  commit_sha: head,
  repository_id: repository,
  finished_at,
  custom_tags: [],
  sources: ['dora_api'],
  first_received_at: finished_at,
  last_received_at: finished_at,
  ...facts,
});
const verdict = (facts: Partial<Verdict> = {}): Verdict => ({
  kind: 'standard',
  explanation: '',
  filled: {},
  sources: ['dora_api'],
  previous: { id: 'before', commit: base },
  ...facts,
});
const measured = (facts: Partial<LeadTime> = {}): LeadTime => ({
  ...{ base, head, finished_at, commits: 3, seconds: 60 },
  ...facts,
});
const open = { state: 'open', comparison: { repository, base, head, finished_at } };
const none = (reason: string) => ({ state: 'none', reason });

describe('the lead time of a deployment', () => {
  it.each<[what: string, told: Told, verdict: Verdict | undefined, expected: unknown]>([
    ['is asked for', told(), verdict(), open],
    ['is asked for of a rollforward', told(), verdict({ kind: 'rollforward' }), open],
    [
      'is asked for by what another source has told',
      told({ commit_sha: undefined, repository_id: undefined }),
      verdict({ filled: { commit: head, repository_id: repository } }),
      open,
    ],
    ['is known', told({ lead_times: [measured()] }), verdict(), { state: 'known', leadTime: measured() }],
    ['of a failed one is nothing', told({ status: 'failed' }), verdict(), undefined],
    ['of one in progress is nothing', told({ status: 'in_progress' }), verdict(), undefined],
    ['of a double is nothing', told(), verdict({ same_as: 'first' }), undefined],
    ['of one that was taken back is nothing', told({ deleted_at: finished_at }), verdict(), undefined],
    ['of one that nobody has compared is nothing', told(), undefined, undefined],
    ['of a rollback is none', told(), verdict({ kind: 'rollback' }), none('rollback')],
    ['is none without a commit', told({ commit_sha: undefined }), verdict(), none('no_commit')],
    ['is none where the commit is a branch', told({ commit_sha: 'main' }), verdict(), none('no_commit')],
    ['is none of the first', told(), verdict({ previous: undefined }), none('no_previous')],
    [
      'is none after one without a commit',
      told(),
      verdict({ previous: { id: 'x' } }),
      none('previous_without_commit'),
    ],
    [
      'is none of the same commit',
      told(),
      verdict({ previous: { id: 'x', commit: head.slice(0, 12) } }),
      none('same_commit'),
    ],
    ['is none without a repository', told({ repository_id: undefined }), verdict(), none('no_repository')],
    [
      'is none at a host that is not configured',
      told({ repository_id: 'example.org/a/b' }),
      verdict(),
      none('no_git_host'),
    ],
    ['is none after 60 days', told({ finished_at: '2025-12-31T10:00:00.000Z' }), verdict(), none('too_old')],
    [
      'is asked for again where another one turns out to have come before',
      told({ lead_times: [measured({ base: third })] }),
      verdict(),
      open,
    ],
    [
      'is known again where that one is taken back',
      told({ lead_times: [measured({ base: third, seconds: 9 }), measured()] }),
      verdict(),
      { state: 'known', leadTime: measured() },
    ],
    [
      'is asked for again where its finish is corrected',
      told({ lead_times: [measured({ finished_at: '2026-03-02T10:04:00.000Z' })] }),
      verdict(),
      open,
    ],
  ])('%s', (_, facts, judged, expected) => {
    const deployment: Deployment = { id: 'one', told: facts, service: 'shop', verdict: judged };
    expect(leadTimeOf(deployment, ['git.example.com'], nowMs)).toEqual(expected);
  });

  it('is none where no git host is configured, whatever else is missing', () => {
    const deployment: Deployment = {
      id: 'one',
      told: told({ commit_sha: undefined }),
      service: 'shop',
      verdict: verdict(),
    };
    expect(leadTimeOf(deployment, [], nowMs)).toEqual(none('no_git_host'));
  });

  it.each(leadTimeReasons)('is said in a sentence to be none: %s', (reason) => {
    expect(leadTimeSentence(reason)).toMatch(/^[A-Z].*\.$/);
  });
});
