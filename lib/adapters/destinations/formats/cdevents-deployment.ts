import type { DeploymentEvent } from '../../../domain/deployment/deployment-event.ts';
import { cloudEventsAttributes } from './cloudevents-attributes.ts';
import type { Written } from './format.ts';

const unknownEnvironment = 'unknown';

/**
 * A deployment as CDEvents 0.5.1 `service.deployed`, or `service.rolledback`. Only that it was deployed has a
 * counterpart; what becomes known of it later, or that it failed, has none.
 */
export function cdDeployment(event: DeploymentEvent): Written | { skip: string } {
  const { deployment, services, env } = event;
  const none = (why: string) => ({ skip: `no_cdevents_counterpart: ${why}` });
  if (event.type !== 'deployment.finished') return none(event.type);
  if (deployment.status !== 'succeeded') return none('the deployment failed');
  const artifactId = purl(event);
  if (artifactId === undefined)
    return none('deployed needs an artifact, and neither version nor commit is known');
  const predicate = deployment.kind === 'rollback' ? 'rolledback' : 'deployed';
  const type = `dev.cdevents.service.${predicate}.0.3.0`;
  const envelope = { ...cloudEventsAttributes(event), type, datacontenttype: 'application/json' };
  const data = {
    context: {
      specversion: '0.5.1',
      id: event.id,
      source: envelope.source,
      type,
      timestamp: event.occurred_at,
    },
    subject: {
      id: services[0],
      content: { environment: { id: env ?? unknownEnvironment }, artifactId },
    },
    customData: event,
  };
  return {
    contentType: 'application/cloudevents+json',
    eventType: type,
    body: JSON.stringify({ ...envelope, data }),
  };
}

/** CDEvents want a package URL, https://github.com/package-url/purl-spec; a generic one says no more than is known. */
function purl({
  services: [service = ''],
  deployment: { version, git },
}: DeploymentEvent): string | undefined {
  const [, owner, name] = /^github\.com\/([^/]+)\/([^/]+)$/.exec(git?.repository_id ?? '') ?? [];
  if (git?.commit_sha !== undefined && owner !== undefined && name !== undefined)
    return `pkg:github/${encodeURIComponent(owner)}/${encodeURIComponent(name)}@${encodeURIComponent(git.commit_sha)}`;
  const at = version ?? git?.commit_sha;
  return at === undefined
    ? undefined
    : `pkg:generic/${encodeURIComponent(service)}@${encodeURIComponent(at)}`;
}
