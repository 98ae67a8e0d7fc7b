import { derivedId } from '../subject/derived-id.ts';
import { importedSource } from '../subject/imported-source.ts';
import { type Deployment, deletedAt, isDeployment } from './deployment.ts';
import { type DeploymentEvent, orderDeploymentEvent } from './deployment-event.ts';

/** What a deployment event tells beside its own id, place and kind: the next one goes out when this is another. */
export type Picture = Omit<DeploymentEvent, 'id' | 'sequence' | 'type' | 'occurred_at'>;

/**
 * What there is to tell of the deployment now; undefined while there is nothing. `sent`: something was told before,
 * so what has become of it since is told too: that it was taken back, or is another one's double.
 */
export function pictureOf(deployment: Deployment, sent: boolean): Picture | undefined {
  const { id, told, service, team, env, verdict } = deployment;
  const { finished_at, status } = told;
  const deleted = deletedAt(deployment) !== undefined;
  if (finished_at === undefined || status === 'in_progress' || service === undefined || !verdict)
    return undefined;
  if (!sent && (deleted || !isDeployment(deployment))) return undefined;
  const { filled, remediation_id, remediation_version } = verdict;
  const { change_failure } = deployment;
  // What follows from incidents stands while they do.
  const concluded = change_failure ? verdict.remediation_type : undefined;
  const type = (told.remediation ?? filled.remediation)?.type ?? concluded;
  const git = gitOf(deployment);
  const event = orderDeploymentEvent({
    version: '1',
    id: '',
    sequence: 0,
    type: 'deployment.finished',
    occurred_at: '',
    services: [service],
    team: team ?? filled.team,
    env,
    started_at: told.started_at ?? filled.started_at,
    finished_at,
    deployment: {
      id,
      external_id: told.external_id === id ? undefined : told.external_id,
      version: told.version ?? filled.version,
      status,
      kind: verdict.kind,
      change_failure,
      remediation:
        type && remediation_id ? { id: remediation_id, type, version: remediation_version } : undefined,
      git,
      sources: toldHere(verdict.sources),
      custom_tags: told.custom_tags.length > 0 ? told.custom_tags : undefined,
      same_as: verdict.same_as,
      deleted: deleted ? true : undefined,
      datadog_service: deployment.inDatadog?.service,
      datadog_team: deployment.inDatadog?.team,
      detected_by: told.detected_by,
    } as DeploymentEvent['deployment'],
  });
  return withoutPlace(event);
}

/** That it was read back from Datadog is no news of a deployment that somebody has told here. */
function toldHere(sources: readonly string[]): string[] {
  const here = sources.filter((source) => source !== importedSource);
  return here.length > 0 ? here : [...sources];
}

/** The picture a frozen event shows. */
export function withoutPlace(event: DeploymentEvent): Picture {
  const { id: _id, sequence: _sequence, type: _type, occurred_at: _at, ...picture } = event;
  return picture;
}

/** The event that shows it, number `sequence` of its deployment. */
export function deploymentEvent(picture: Picture, sequence: number, occurredAt: string): DeploymentEvent {
  return orderDeploymentEvent({
    ...picture,
    id: derivedId(['deployment event', picture.deployment.id, sequence]),
    sequence,
    type: sequence === 1 ? 'deployment.finished' : 'deployment.changed',
    occurred_at: sequence === 1 ? picture.finished_at : occurredAt,
  });
}

function gitOf({ told, verdict }: Deployment): DeploymentEvent['deployment']['git'] {
  const commit_sha = told.commit_sha ?? verdict?.filled.commit;
  const repository_id = told.repository_id ?? verdict?.filled.repository_id;
  const repository_url = told.repository_url ?? (repository_id && `https://${repository_id}`);
  if (commit_sha === undefined && repository_id === undefined && repository_url === undefined)
    return undefined;
  return {
    ...(commit_sha === undefined ? {} : { commit_sha }),
    ...(repository_id === undefined ? {} : { repository_id }),
    ...(repository_url === undefined ? {} : { repository_url }),
  };
}
