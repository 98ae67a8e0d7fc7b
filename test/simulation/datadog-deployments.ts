import type { HttpAnswer, HttpRequest } from '../../lib/ports.ts';

/** A deployment as Datadog holds it. */
export interface HeldDeployment {
  id: string;
  service: string;
  env?: string;
  version?: string;
  startedAtMs: number;
  finishedAtMs: number;
  changeFailure?: boolean;
  remediation?: { id?: string; type: string };
}

export interface DatadogDeployments {
  held: ReadonlyMap<string, HeldDeployment>;
  /** What it answers to a request that it takes. */
  take(request: HttpRequest): HttpAnswer;
}

const marks = '/api/v2/dora/deployments';
const answer = (status: number, body = ''): HttpAnswer => ({ status, headers: {}, body });

/** Datadog's side of deployments, by its documentation: reported under an id, listed, marked, deleted. */
export function createDatadogDeployments(): DatadogDeployments {
  const held = new Map<string, HeldDeployment>();
  return {
    held,
    take({ method, url, body = '{}' }) {
      const { pathname } = new URL(url);
      const id = decodeURIComponent(pathname.split('/').at(-1) ?? '');
      if (method === 'DELETE') return answer(held.delete(id) ? 204 : 404);
      const { attributes } = JSON.parse(body).data;
      if (method === 'PATCH') {
        const known = held.get(id);
        if (!known) return answer(404);
        const { remediation, ...deployment } = known;
        const { change_failure, remediation: told = remediation } = attributes;
        // What is stable was put right by nothing; what is left out stays as it was.
        held.set(id, {
          ...deployment,
          changeFailure: change_failure,
          ...(change_failure && told && { remediation: told }),
        });
        return answer(200);
      }
      if (pathname === marks) return answer(200, list(held, attributes));
      held.set(attributes.id, {
        ...held.get(attributes.id),
        id: attributes.id,
        service: attributes.service,
        env: attributes.env,
        version: attributes.version,
        startedAtMs: attributes.started_at / 1e6,
        finishedAtMs: attributes.finished_at / 1e6,
      });
      return answer(202);
    },
  };
}

/** The query names one service and, perhaps, one env, in words that need no quotes. */
function list(
  held: ReadonlyMap<string, HeldDeployment>,
  { from, to, query }: { from: string; to: string; query: string },
): string {
  const asked = new Map(query.split(' ').map((term) => term.split(':') as [string, string]));
  const within = ({ startedAtMs, service, env }: HeldDeployment) =>
    startedAtMs >= Date.parse(from) &&
    startedAtMs <= Date.parse(to) &&
    asked.get('service') === service &&
    (asked.get('env') ?? env) === env;
  const data = [...held.values()].filter(within).map((each) => ({
    id: each.id,
    type: 'dora_deployment',
    attributes: {
      service: each.service,
      version: each.version,
      started_at: new Date(each.startedAtMs).toISOString(),
      finished_at: new Date(each.finishedAtMs).toISOString(),
      change_failure: each.changeFailure ?? null,
      remediation: each.remediation ?? null,
    },
  }));
  return JSON.stringify({ data });
}
