import { toIso } from '../pagerduty/timestamp.ts';
import type { Fields } from './fields.ts';
import { readRepository } from './repository.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What deployments and incidents have in common. */
export interface CommonFacts {
  external_id?: string;
  team?: string;
  env?: string;
  version?: string;
  started_at?: string;
  finished_at?: string;
  commit_sha?: string;
  repository_url?: string;
  repository_id?: string;
  custom_tags: string[];
}

/** `nowMs`, in epoch milliseconds, is what the future begins at. */
export function readCommon(fields: Fields, nowMs: number): CommonFacts {
  const started = readTime(fields, 'started_at', nowMs);
  const finished = readTime(fields, 'finished_at', nowMs);
  if (!fields.has('started_at')) fields.fault('started_at', 'is missing');
  if (started !== undefined && finished !== undefined && finished < started) {
    const times = `${toIso(finished)} is before ${toIso(started)}`;
    fields.fault('finished_at', `must not be before started_at: ${times}`);
  }
  const facts = {
    external_id: fields.text('id', {
      // Short ids of PagerDuty's, as the bridge tells them to others, come back too.
      form: /^(?=.{16}|pagerduty:.)[A-Za-z0-9_.:-]{1,128}$/,
      formed: '16 to 128 characters of A-Z, a-z, 0-9, -, _, . and :',
    }),
    team: fields.text('team'),
    env: fields.text('env'),
    version: fields.text('version'),
    started_at: started === undefined ? undefined : toIso(started),
    finished_at: finished === undefined ? undefined : toIso(finished),
    ...readGit(fields),
    custom_tags: fields.texts('custom_tags', {
      atMost: 100,
      each: { form: /^[^:]+:/, formed: 'of the form key:value' },
    }),
  };
  return present(facts);
}

/** Without the keys whose value is undefined. */
export const present = <T extends object>(facts: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;

/** A clock may be ahead by a little; what begins in a week has not happened. */
function readTime(fields: Fields, key: string, nowMs: number): number | undefined {
  const ms = fields.moment(key);
  if (ms === undefined || ms <= nowMs + dayMs) return ms;
  return fields.fault(key, `must not be more than a day from now: ${toIso(ms)}`);
}

function readGit(fields: Fields) {
  const git = fields.object('git');
  if (git === undefined) return {};
  const commit_sha = git.text('commit_sha');
  const given = git.text('repository_url', { atMost: 2048 });
  for (const key of ['commit_sha', 'repository_url']) {
    if (!git.has(key)) git.fault(key, 'is missing; git needs both commit_sha and repository_url');
  }
  const repository = given === undefined ? undefined : readRepository(given);
  // The text itself is not repeated: it may hold a token.
  if (given !== undefined && repository === undefined) {
    git.fault(
      'repository_url',
      'must be the address of a repository, such as https://github.com/acme/checkout or git@github.com:acme/checkout.git',
    );
  }
  return { commit_sha, repository_url: repository?.url, repository_id: repository?.id };
}
