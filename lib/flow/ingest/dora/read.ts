import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import { readList } from '../../../domain/dora/read-list.ts';
import type { Reading } from '../../receive/source.ts';
import type { IngestDeps } from '../deps.ts';
import { done, notFound } from './answers.ts';
import { collect, type Found, type Listed } from './collect.ts';
import { findDeployment, listedDeployments } from './deployments.ts';
import { findFailure, listedFailures } from './failures.ts';
import { refused } from './operation.ts';

/** Deployments, or failures: what the two kinds have that is read alike. */
export interface Kind {
  /** Type of a list request. */
  listType: string;
  createPath: string;
  noun: string;
  listed(deps: IngestDeps): Listed;
  find(deps: IngestDeps, id: string): Promise<Found | undefined>;
}

export const deployments: Kind = {
  listType: 'dora_deployments_list_request',
  createPath: '/api/v2/dora/deployment',
  noun: 'deployment',
  listed: ({ store }) => listedDeployments(store),
  find: ({ store }, id) => findDeployment(store, id),
};

export const failures: Kind = {
  listType: 'dora_failures_list_request',
  createPath: '/api/v2/dora/failure',
  noun: 'failure',
  listed: ({ store }) => listedFailures(store),
  find: ({ store }, id) => findFailure(store, id),
};

/** Rows are looked for a little longer than they are said to be kept: TTL deletes some days late. */
const marginDays = 31;

/** `POST …/deployments` and `…/failures`. */
export const list =
  (kind: Kind, deps: IngestDeps) =>
  async ({ rawBody, arrivedAtMs }: EdgeRequest): Promise<Reading> => {
    const { value, faults } = readList(rawBody, kind.listType, kind.createPath);
    if (faults) return refused(faults);
    const { retention_days, metrics_retention_days } = deps.config;
    const keptDays = Math.max(retention_days, metrics_retention_days) + marginDays;
    const found = await collect(kind.listed(deps), value, { nowMs: arrivedAtMs, keptDays });
    return { kind: 'answered', answer: done(found) };
  };

/** `GET …/deployments/{id}` and `…/failures/{id}`. */
export const one = (kind: Kind, deps: IngestDeps, id: string) => async (): Promise<Reading> => {
  const found = await kind.find(deps, id);
  return { kind: 'answered', answer: found ? done(found.resource) : unknown(kind) };
};

export const unknown = ({ noun }: Kind) => notFound(`There is no ${noun} with this id.`);
