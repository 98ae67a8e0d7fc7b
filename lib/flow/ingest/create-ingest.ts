import { type EdgeResponse, jsonResponse, type RoutedRequest } from '../../adapters/incoming-http/request.ts';
import { receiveFrom } from '../receive/receive-from.ts';
import type { IngestDeps } from './deps.ts';
import { maxBodyBytes } from './max-body.ts';
import { fit, type IngestSource, isBelow, type Route } from './route.ts';

export interface Ingest {
  /** The longest body any of its sources takes. */
  maxBodyBytes: number;
  /** Never throws. */
  handle(request: RoutedRequest): Promise<EdgeResponse>;
  /** Whether one of its sources answers for the path, if only that there is nothing. */
  owns(path: string): boolean;
}

/** Leads each request to the route that fits, and runs its source as `receive` runs PagerDuty's. */
export function createIngest(sources: readonly IngestSource[], deps: IngestDeps): Ingest {
  const routes = sources.flatMap((source) => source.routes(deps));
  const corners = sources.flatMap(({ elsewhere }) => elsewhere ?? []);

  return {
    maxBodyBytes,
    owns: (path) =>
      routes.some((route) => fit(route.path, path)) || corners.some(({ below }) => isBelow(below, path)),
    handle: async (request) => {
      const found = routeOf(routes, request);
      if (found) return receiveFrom(found, deps)(request);
      deps.telemetry.metric('IngestRefused', 1);
      return corners.find(({ below }) => isBelow(below, request.path))?.answer ?? nowhere;
    },
  };
}

function routeOf(routes: readonly Route[], request: RoutedRequest) {
  for (const { method, path, source } of routes) {
    const steps = method === request.method ? fit(path, request.path) : undefined;
    if (steps) return source(steps, request);
  }
  return undefined;
}

const nowhere = jsonResponse(404, { error: 'not_found', message: 'Nothing is taken under this path.' });
