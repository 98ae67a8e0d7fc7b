import type { EdgeResponse, RoutedRequest } from '../../adapters/incoming-http/request.ts';
import type { Source } from '../receive/source.ts';
import type { IngestDeps } from './deps.ts';

/** A way to report something, or to ask about it, with everything it takes. */
export interface IngestSource {
  name: string;
  routes(deps: IngestDeps): Route[];
  /** What is answered below a path of its own where none of its routes fits. */
  elsewhere?: { below: string; answer: EdgeResponse };
}

export interface Route {
  method: string;
  /** As in `/api/v2/dora/deployments/:id`, where `:id` stands for any one step. */
  path: string;
  /** Who takes a request of this route; `steps` are what the path has in the places of colons, decoded. */
  source(steps: Steps, request: RoutedRequest): Source;
}

export type Steps = Readonly<Record<string, string>>;

/**
 * What a path says to a route's pattern. Doubled slashes and one at the end are passed over: a base address with a
 * slash at its end makes them. `undefined` where it does not fit.
 */
export function fit(pattern: string, path: string): Steps | undefined {
  const wanted = stepsOf(pattern);
  const given = stepsOf(path);
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = Object.create(null);
  for (const [index, step] of wanted.entries()) {
    const text = given[index] ?? '';
    if (step.startsWith(':')) found[step.slice(1)] = decoded(text);
    else if (step !== text) return undefined;
  }
  return found;
}

/** Whether a path is a folder's or lies in it. */
export const isBelow = (folder: string, path: string): boolean =>
  stepsOf(folder).every((step, index) => step === stepsOf(path)[index]);

const stepsOf = (path: string): string[] => path.split('/').filter((step) => step !== '');

/** API Gateway hands paths over decoded already: what cannot be decoded again is left as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
