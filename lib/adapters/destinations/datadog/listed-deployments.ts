import * as z from 'zod/mini';
import { type DatadogRequest, type Mark, marksPath } from './requests.ts';

/** A deployment as Datadog lists it. Times in epoch milliseconds. */
export interface Listed {
  id: string;
  startedAtMs: number;
  finishedAtMs: number;
  version?: string | undefined;
  commit_sha?: string | undefined;
  change_failure?: boolean | null | undefined;
  remediationId?: string | undefined;
}

const hourMs = 3_600_000;
/** What Datadog has blamed may have begun so long before. */
const lookedBackMs = 7 * 24 * hourMs;
/** Two clocks, or two ways to see one deployment, are apart by no more. */
const apartMs = 15 * 60_000;
const most = 500;

/** All of a service and env around a deployment. https://docs.datadoghq.com/api/latest/dora-metrics/ */
export function listRequest({ service, env, started_at }: Mark, nowMs: number): DatadogRequest {
  const term = (key: string, value: string) =>
    `${key}:${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`;
  const startedMs = Date.parse(started_at);
  const attributes = {
    from: new Date(startedMs - lookedBackMs).toISOString(),
    to: new Date(Math.max(nowMs, startedMs) + hourMs).toISOString(),
    limit: most,
    query: [term('service', service), ...(env === undefined ? [] : [term('env', env)])].join(' '),
    sort: '-started_at',
  };
  const body = JSON.stringify({ data: { type: 'dora_deployments_list_request', attributes } });
  return { method: 'POST', path: marksPath, body };
}

const time = z.union([z.string(), z.number()]);
const maybe = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      attributes: z.object({
        started_at: time,
        finished_at: maybe(time),
        version: maybe(z.string()),
        git: maybe(z.object({ commit_sha: maybe(z.string()) })),
        change_failure: maybe(z.boolean()),
        remediation: maybe(z.object({ id: maybe(z.string()) })),
      }),
    }),
  ),
});

/** ISO 8601, or nanoseconds as older answers have them. */
const msOf = (value: string | number): number =>
  typeof value === 'number' ? value / 1e6 : Date.parse(value);

/** Undefined for an answer of another shape. */
export function readListed(body: string): Listed[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const read = listed.safeParse(json);
  return read.data?.data.map(({ id, attributes }) => ({
    id,
    startedAtMs: msOf(attributes.started_at),
    finishedAtMs: msOf(attributes.finished_at ?? attributes.started_at),
    version: attributes.version ?? undefined,
    commit_sha: attributes.git?.commit_sha ?? undefined,
    change_failure: attributes.change_failure,
    remediationId: attributes.remediation?.id ?? undefined,
  }));
}

/** The one that is meant: by its id; else of the same change the one that was finished nearest to it, or about then. */
export function findMarked(all: readonly Listed[], mark: Mark): Listed | undefined {
  if (mark.id !== undefined) return all.find(({ id }) => id === mark.id);
  const atMs = Date.parse(mark.finished_at);
  const distance = (each: Listed) => Math.abs(each.finishedAtMs - atMs);
  return all
    .filter((each) => distance(each) <= apartMs)
    .filter((each) => isAgreed(each.commit_sha, mark.commit_sha) && isAgreed(each.version, mark.version))
    .sort((a, b) => distance(a) - distance(b) || (a.id < b.id ? -1 : 1))[0];
}

const isAgreed = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

/**
 * Datadog judges for itself, and may have blamed an earlier deployment for what is laid to this one: of V1 V2 V3 V1 it
 * says that V2 failed, the first after the one that was gone back to. Then there is a failure already that was put
 * right after this one. Its id. What is blamed in another way was marked from here, for an incident of its own.
 */
export function blamedInstead(all: readonly Listed[], mark: Mark): string | undefined {
  const own = findMarked(all, mark);
  if (own?.change_failure === true) return undefined;
  const atMs = own?.finishedAtMs ?? Date.parse(mark.finished_at);
  const blamed = all.find((each) => {
    const { id, change_failure, finishedAtMs, remediationId } = each;
    if (change_failure !== true || id === own?.id || finishedAtMs >= atMs) return false;
    const remedy = all.find((other) => other.id === remediationId);
    const before = lastBefore(all, each);
    return (
      remedy !== undefined && before !== undefined && remedy.finishedAtMs > atMs && isBack(remedy, before)
    );
  });
  return blamed?.id;
}

const lastBefore = (all: readonly Listed[], { finishedAtMs }: Listed): Listed | undefined =>
  all
    .filter((each) => each.finishedAtMs < finishedAtMs)
    .reduce<Listed | undefined>(
      (last, each) => (last && last.finishedAtMs >= each.finishedAtMs ? last : each),
      undefined,
    );

/** By the commit, without git by the version, as Datadog tells. */
function isBack(remedy: Listed, before: Listed): boolean {
  if (remedy.commit_sha !== undefined && before.commit_sha !== undefined)
    return remedy.commit_sha === before.commit_sha;
  return remedy.version !== undefined && remedy.version === before.version;
}
