import { notFound } from '../dora/answers.ts';
import { createDeployment, createIncident } from '../dora/create.ts';
import { operation } from '../dora/operation.ts';
import type { IngestSource, Route } from '../route.ts';

const base = '/api/v2/dora';

/**
 * Datadog's DORA API, for programs that are pointed here instead. Its creations and deletions are singular, its
 * lists, reads and changes plural; its documentation mixes them up, so both are taken wherever they do not differ.
 */
export const doraApi: IngestSource = {
  name: 'dora_api',
  routes: (deps) => {
    const post = (path: string, read: Parameters<typeof operation>[3]): Route => ({
      method: 'POST',
      path: `${base}/${path}`,
      source: () => operation(deps, 'POST', 'reporting', read),
    });
    return [
      post('deployment', createDeployment),
      post('failure', createIncident),
      post('incident', createIncident),
    ];
  },
  elsewhere: { below: base, answer: notFound('There is nothing under this path and method.') },
};
