/** Why a deployment has no lead time: what its row says, and the sentence for people. */
const sentences = {
  rollback: 'A rollback has no commits of its own.',
  no_commit: 'No commit of it was told.',
  no_repository: 'No repository of it was told.',
  no_previous: 'It is the first one of its service and environment.',
  previous_without_commit: 'No commit was told of the deployment before it.',
  same_commit: 'It deploys the commit that was there already.',
  no_git_host: 'No git host is configured for its repository.',
  too_old: 'It was heard of more than 60 days after it was finished.',
  not_asked_yet: 'The git host has not answered yet.',
  only_merges: 'It brought nothing but merges.',
  old_commits: 'All its commits are older than 60 days.',
  goes_back: 'Its commit lies before the one that was there.',
  diverged: 'Its history does not contain the commit that was there before, so what it brought is not known.',
  too_many: 'It brought more than 5000 commits.',
  not_found: 'The git host does not know the repository or one of the commits, or does not show it.',
  no_answer: 'The git host could not be asked for a day.',
} as const;

export type LeadTimeReason = keyof typeof sentences;

export const leadTimeReasons = Object.keys(sentences) as [LeadTimeReason, ...LeadTimeReason[]];

export const leadTimeSentence = (reason: LeadTimeReason): string => sentences[reason];

export const isLeadTimeReason = (word: unknown): word is LeadTimeReason =>
  typeof word === 'string' && Object.hasOwn(sentences, word);
