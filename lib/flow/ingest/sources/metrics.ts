import type { RoutedRequest } from '../../../adapters/incoming-http/request.ts';
import type { Fault } from '../../../domain/dora/fault.ts';
import { type Asked, ask } from '../../../domain/metrics/ask.ts';
import { answer } from '../../measure/answer.ts';
import type { Reading } from '../../receive/source.ts';
import type { IngestDeps } from '../deps.ts';
import { operation, refused } from '../dora/operation.ts';
import type { IngestSource } from '../route.ts';

/** The DORA metrics over HTTP: the query has the names of the options of `pdbridge dora`, the answer is its JSON. */
export const metrics: IngestSource = {
  name: 'metrics',
  routes: (deps) => [
    {
      method: 'GET',
      path: '/api/v2/metrics/dora',
      source: (_steps, request) => operation(deps, 'GET', 'managing', () => read(deps, request)),
    },
  ],
};

async function read(deps: IngestDeps, request: RoutedRequest): Promise<Reading> {
  const { asked, faults } = askedBy(new URLSearchParams(request.query));
  if (faults.length > 0) return refused(faults);
  const nowMs = deps.clock.now();
  const found = ask(asked, nowMs);
  if ('fault' in found) {
    const { name, message } = found.fault;
    return refused([{ pointer: '', detail: `"${name.replace('_', '-')}" ${message}` }]);
  }
  const { document } = await answer({ store: deps.store, config: deps.config, nowMs }, found.question);
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { kind: 'answered', answer: { status: 200, headers, body: JSON.stringify(document) } };
}

const texts = ['env', 'team', 'service', 'since', 'until', 'by', 'time-zone'] as const;

function askedBy(query: URLSearchParams): { asked: Asked; faults: Fault[] } {
  const faults: Fault[] = [];
  const asked: Record<string, unknown> = {};
  for (const [name, value] of query) {
    const known = texts.find((each) => each === name.replace('_', '-'));
    if (known) asked[known.replace('-', '_')] = value;
    else if (name === 'compare') asked['compare'] = value !== 'false';
    else
      faults.push({
        pointer: '',
        detail: `"${name}" is not known; there are ${texts.join(', ')} and compare`,
      });
  }
  return { asked: asked as Asked, faults };
}
