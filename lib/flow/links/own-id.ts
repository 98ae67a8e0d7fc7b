import type { Suffering } from '../../domain/links/facts.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readDeployment } from '../../store/deployments/deployments.ts';
import type { LinkDeps } from './deps.ts';

/** The incident with the deployment it names, or a person named, by the id that one counts under. */
export async function withNamed({ store }: LinkDeps, incident: Suffering): Promise<Suffering> {
  const own = new Map<string, string>();
  for (const id of [incident.person?.deploymentId, incident.deploymentId]) {
    if (typeof id !== 'string') continue;
    const facts = (await readDeployment(store, id))?.['facts'] as Row | undefined;
    own.set(id, sameAs(facts && { facts }) ?? id);
  }
  return withOwnIds(incident, (id) => own.get(id) ?? id);
}

/** The same, by what says which one that is. */
export function withOwnIds(incident: Suffering, own: (id: string) => string): Suffering {
  const { person, deploymentId } = incident;
  return {
    ...incident,
    ...(deploymentId !== undefined && { deploymentId: own(deploymentId) }),
    ...(typeof person?.deploymentId === 'string' && {
      person: { ...person, deploymentId: own(person.deploymentId) },
    }),
  };
}

/** The deployment that this one turned out to be, where another source had told it before. */
export function sameAs(deployment: { facts: Row } | undefined): string | undefined {
  const { same_as } = (deployment?.facts['shown'] ?? {}) as Row;
  return typeof same_as === 'string' ? same_as : undefined;
}
