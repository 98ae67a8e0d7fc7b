import type { Picture } from '../deployment/render-deployment-event.ts';
import { type Criteria, namesAny, type Selection } from './criteria.ts';

/** Of what incidents are chosen by, what a deployment has too; the rest of `only` says nothing of deployments. */
const shared = ['services', 'teams', 'envs', 'sources'] as const satisfies (keyof Criteria)[];

/** Whether a destination's `only` wants the deployment. */
export function wantsDeployment(only: Selection | undefined, picture: Picture): boolean {
  if (!only) return true;
  const { not = [], ...wanted } = only;
  const unwanted = [not]
    .flat()
    .map(sharedOf)
    .filter((each) => Object.keys(each).length > 0);
  return fits(sharedOf(wanted), picture) && !unwanted.some((each) => fits(each, picture));
}

const sharedOf = (criteria: Criteria): Criteria =>
  Object.fromEntries(shared.filter((key) => criteria[key] !== undefined).map((key) => [key, criteria[key]]));

function fits({ services, teams, envs, sources }: Criteria, picture: Picture): boolean {
  return (
    namesAny(services, picture.services) &&
    namesAny(teams, [picture.team]) &&
    namesAny(envs, [picture.env]) &&
    namesAny(sources, picture.deployment.sources)
  );
}
