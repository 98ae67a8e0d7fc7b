import { comparableName, sameName } from '../catalog/names.ts';
import type { MeasuredDeployment, MeasuredIncident, Records } from './facts.ts';

/**
 * The records of each service, team or env, by name; what has no name comes last, under null. An incident of several
 * services is one of each. `only` is the one service that was asked for.
 */
export function groupBy(
  records: Records,
  by: 'service' | 'team' | 'env',
  only: string | undefined,
): [string | null, Records][] {
  const groups = new Map<
    string,
    { name: string | null; deployments: MeasuredDeployment[]; incidents: MeasuredIncident[] }
  >();
  const group = (name: string | undefined) => {
    const comparable = comparableName(name);
    const spelling = comparable === undefined ? null : (name ?? null);
    const known = groups.get(comparable ?? '');
    if (known) {
      // Which of several spellings is shown must not depend on the order of the rows.
      if (known.name !== null && spelling !== null && spelling < known.name) known.name = spelling;
      return known;
    }
    const made = { name: spelling, deployments: [], incidents: [] };
    groups.set(comparable ?? '', made);
    return made;
  };
  for (const each of records.deployments) group(each[by]).deployments.push(each);
  for (const each of records.incidents) {
    const services = each.services.filter((name) => only === undefined || sameName(name, only));
    const names = by === 'service' ? services : [each[by]];
    for (const name of names.length > 0 ? names : [undefined]) group(name).incidents.push(each);
  }
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1))
    .map(([, { name, deployments, incidents }]) => [name, { ...records, deployments, incidents }]);
}
