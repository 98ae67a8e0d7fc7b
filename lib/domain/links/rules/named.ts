import { begunAtMs, isConcerned, newest } from '../concerned.ts';
import type { Suffering, Suspect } from '../facts.ts';
import { type LinkRule, type LinkVerdict, silent } from '../rule.ts';

/** The incident names the commit that was deployed. */
export const commit: LinkRule = {
  name: 'commit',
  judge: (incident, suspects) =>
    named(
      'commit',
      incident.commitSha,
      incident,
      suspects,
      (given) =>
        ({ commitSha: known }) =>
          known !== undefined && isSameCommit(given, known),
    ),
};

/** The incident names the version that was deployed. */
export const version: LinkRule = {
  name: 'version',
  judge: (incident, suspects) =>
    named(
      'version',
      incident.version,
      incident,
      suspects,
      (given) =>
        ({ version: known }) =>
          known === given,
    ),
};

/** The incident names the deployment itself, which may then be of any service. */
export const deploymentId: LinkRule = {
  name: 'deployment_id',
  judge({ deploymentId: given }, suspects) {
    if (given === undefined) return silent('The incident names no deployment.');
    const found = suspects.find(({ id }) => id === given);
    if (!found) return silent(`The incident names deployment ${given}, which is not known.`);
    return { decided: true, deploymentId: found.id, reason: `The incident names deployment ${given}.` };
  },
};

function named(
  noun: string,
  given: string | undefined,
  incident: Suffering,
  suspects: readonly Suspect[],
  fits: (given: string) => (suspect: Suspect) => boolean,
): LinkVerdict {
  if (given === undefined || given === '') return silent(`The incident names no ${noun}.`);
  const found = bestOf(
    incident,
    suspects.filter((each) => isConcerned(incident, each) && fits(given)(each)),
  );
  if (!found) return silent(`No deployment of its services in its environment has the ${noun} ${given}.`);
  return {
    decided: true,
    deploymentId: found.id,
    reason: `The incident names the ${noun} ${given}, which deployment ${found.id} brought.`,
  };
}

/**
 * The newest that began before the incident: the same may be deployed again later, to put something right. Else, since
 * clocks differ and some tell the finish only, the first of those that began before it was over.
 */
function bestOf({ startedAtMs, finishedAtMs = Infinity }: Suffering, suspects: readonly Suspect[]) {
  const before = newest(suspects.filter((each) => begunAtMs(each) <= startedAtMs));
  if (before) return before;
  const during = suspects.filter((each) => begunAtMs(each) <= finishedAtMs);
  const firstMs = Math.min(...during.map(begunAtMs));
  return newest(during.filter((each) => begunAtMs(each) === firstMs));
}

/** Git's short form is at least 7 digits. */
export function isSameCommit(one: string, other: string): boolean {
  const [short, long] = [one.toLowerCase(), other.toLowerCase()].sort((a, b) => a.length - b.length);
  return short !== undefined && long !== undefined && short.length >= 7 && long.startsWith(short);
}
