import type { Source } from '../../receive/source.ts';
import type { IngestDeps } from '../deps.ts';
import { notFound } from '../dora/answers.ts';
import { patch, patchByVersion, removeDeployment, removeFailure } from '../dora/change.ts';
import { createDeployment, createIncident } from '../dora/create.ts';
import { operation } from '../dora/operation.ts';
import { deployments, failures, list, one } from '../dora/read.ts';
import type { IngestSource, Route } from '../route.ts';

const base = '/api/v2/dora';
type Read = Source['read'];

/**
 * Datadog's DORA API, for programs that are pointed here instead. Its creations and deletions are singular, its
 * lists, reads and changes plural; its documentation mixes them up, so both are taken wherever they do not differ.
 */
export const doraApi: IngestSource = {
  name: 'dora_api',
  routes: (deps) => [...reporting(deps), ...managing(deps)],
  elsewhere: { below: base, answer: notFound('There is nothing under this path and method.') },
};

const reporting = (deps: IngestDeps): Route[] =>
  Object.entries({
    deployment: createDeployment,
    failure: createIncident,
    incident: createIncident,
  }).map(([path, read]) => ({
    method: 'POST',
    path: `${base}/${path}`,
    source: () => operation(deps, 'POST', 'reporting', read),
  }));

function managing(deps: IngestDeps): Route[] {
  const route = (method: string, path: string, read: (id: string) => Read): Route => ({
    method,
    path: `${base}/${path}`,
    source: ({ id = '' }) => operation(deps, method, 'managing', read(id)),
  });
  return [
    route('POST', 'deployments', () => list(deployments, deps)),
    ...['failures', 'incidents'].map((path) => route('POST', path, () => list(failures, deps))),
    ...['deployments', 'deployment'].flatMap((path) => [
      route('GET', `${path}/:id`, (id) => one(deployments, deps, id)),
      route('PATCH', `${path}/:id`, (id) => patch(deps, id)),
      route('PATCH', path, () => patchByVersion(deps)),
      route('DELETE', `${path}/:id`, (id) => removeDeployment(deps, id)),
    ]),
    ...['failures', 'failure', 'incidents', 'incident'].flatMap((path) => [
      route('GET', `${path}/:id`, (id) => one(failures, deps, id)),
      route('DELETE', `${path}/:id`, (id) => removeFailure(deps, id)),
    ]),
  ];
}
