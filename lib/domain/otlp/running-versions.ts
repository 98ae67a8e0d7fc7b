import type { RunningVersion } from '../deployment/versions/running-version.ts';
import { readRepository } from '../dora/repository.ts';
import type { AttributeName, Attributes } from './attributes.ts';

/** Longer than names and versions are, and short enough for a row. */
const longest = 200;
/** What an SDK says where nobody has named the service. */
const unnamed = /^unknown_service(?::|$)/;
const commit = /^[0-9a-f]{7,64}$/i;

/**
 * The versions that resources say run, each once, in the order of their first mention. A resource without a name or
 * without a version says nothing.
 */
export function runningVersions(resources: Iterable<Attributes>): RunningVersion[] {
  const found = new Map<string, RunningVersion>();
  for (const attributes of resources) {
    const running = runningVersion(attributes);
    if (!running) continue;
    const key = JSON.stringify([running.service, running.namespace, running.env, running.version]);
    if (!found.has(key)) found.set(key, running);
  }
  return [...found.values()];
}

function runningVersion(attributes: Attributes): RunningVersion | undefined {
  const plain = (name: AttributeName) => plainText(attributes.get(name));
  const service = plain('service.name');
  const version = plain('service.version');
  if (service === undefined || version === undefined || unnamed.test(service)) return undefined;
  const revision = plain('vcs.ref.head.revision');
  const repository = readRepository(attributes.get('vcs.repository.url.full') ?? '');
  return {
    service,
    namespace: plain('service.namespace'),
    env: plain('deployment.environment.name') ?? plain('deployment.environment'),
    version,
    ...(revision !== undefined && commit.test(revision) ? { commit_sha: revision.toLowerCase() } : {}),
    ...(repository ? { repository_url: repository.url, repository_id: repository.id } : {}),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f]/;

/** A text that can be a name: what no row, key or page could show as it was given counts as absent. */
function plainText(given: string | undefined): string | undefined {
  const text = given?.trim();
  if (!text || text.length > longest || controls.test(text)) return undefined;
  return text.isWellFormed() ? text : undefined;
}
