import { foldDeployment, type Told } from '../../../domain/deployment/fold-deployment.ts';
import { identifyById } from '../../../domain/deployment/identify.ts';
import { readEntry } from '../../../domain/deployment/read-entries.ts';
import type { Store } from '../../../store/database/dynamo.ts';
import type { Row } from '../../../store/database/marshalled.ts';
import { deploymentsOfDay, openDeployments } from '../../../store/deployments/by-day.ts';
import { readDeployment } from '../../../store/deployments/deployments.ts';
import { isTakenBack } from '../../../store/deployments/taken-back.ts';
import { readLog } from '../../../store/events/events.ts';
import type { Candidate, Found, Listed } from './collect.ts';
import { gitOf, named, tagged } from './shapes.ts';

/** Deployments as the API has them: over or not, of a known service, each once. */
export const listedDeployments = (store: Store): Listed => ({
  ofDay: async (day) => candidates(await deploymentsOfDay(store, day)),
  open: async () => candidates(await openDeployments(store)),
  load: async (key) => {
    const row = await readDeployment(store, key);
    return row && isListed(row) ? toFound(key, row) : undefined;
  },
});

const candidates = (rows: { id: string; facts: Row }[]): Candidate[] =>
  rows.flatMap(({ id, facts }) => {
    const startedAt = facts['started_at'] ?? facts['finished_at'];
    return typeof startedAt === 'string' && !isTakenBack(facts) ? [{ key: id, startedAt }] : [];
  });

const isListed = (row: Row): boolean =>
  row['service'] !== undefined && row['same_as'] === undefined && row['deleted_at'] === undefined;

/**
 * One by its id, or by one that another source has given it. What was said a moment ago is in the log and not in the
 * row yet, and holds all the same. Undefined where nobody has reported it, or it was taken back.
 */
export async function findDeployment(store: Store, id: string): Promise<Found | undefined> {
  const { id: own, key } = identifyById(id);
  const [row, log] = await Promise.all([readDeployment(store, own), readLog(store, key)]);
  if (typeof row?.['same_as'] === 'string') return findDeployment(store, row['same_as']);
  const told = foldDeployment(log.flatMap((event) => readEntry(event) ?? []));
  if ((told?.deleted_at ?? row?.['deleted_at']) !== undefined) return undefined;
  if (!told && !row) return undefined;
  return toFound(own, { ...row, ...(told && fresh(told, row)) });
}

/** What the log says now; whose it is and where stays as the row has it, which may have been looked up. */
function fresh(told: Told, row: Row | undefined): Row {
  const { commit_sha, remediation, ...said } = told;
  const where = {
    service: row?.['service'] ?? told.service,
    team: row?.['team'] ?? told.team,
    env: row?.['env'] ?? told.env,
  };
  return named({
    ...said,
    ...where,
    git_commit_sha: commit_sha,
    sources: row?.['sources'] ?? told.sources,
    remediation,
    external_id: told.external_id,
  });
}

function toFound(id: string, row: Row): Found {
  const text = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const customTags = (row['custom_tags'] as string[] | undefined) ?? [];
  const sources = (row['sources'] as string[] | undefined) ?? [];
  const { service, team, env, version } = {
    service: text('service'),
    team: text('team'),
    env: text('env'),
    version: text('version'),
  };
  const changeFailure = row['change_failure'];
  const remediation = row['remediation'] as { id?: string; type?: string } | undefined;
  const remediationId = text('remediation_id') ?? remediation?.id;
  const attributes = named({
    // Clients throw where service or start is missing.
    service: service ?? text('repository_id') ?? 'unknown',
    team,
    env,
    version,
    started_at: text('started_at') ?? text('finished_at'),
    finished_at: text('finished_at'),
    status: text('status'),
    custom_tags: customTags,
    git: gitOf({
      commit_sha: row['git_commit_sha'],
      repository_id: row['repository_id'],
      repository_url: row['repository_url'],
    }),
    // Nobody has judged it yet: neither true nor false.
    change_failure: typeof changeFailure === 'boolean' ? changeFailure : null,
    deployment_type: text('kind') ?? 'standard',
    remediation:
      remediationId === undefined ? undefined : named({ id: remediationId, type: remediation?.type }),
    source: sources[0],
    sources,
  });
  const fields = { id, source: sources, service, team, env, version };
  return {
    resource: { id, type: 'dora_deployment', attributes },
    searchable: tagged(customTags, {
      ...fields,
      status: text('status'),
      deployment_type: text('kind') ?? 'standard',
      change_failure: String(attributes['change_failure']),
      repository_id: text('repository_id'),
      commit_sha: text('git_commit_sha'),
    }),
  };
}
