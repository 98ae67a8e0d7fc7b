import { readRecords } from '../../../flow/measure/read-records.ts';
import { inParallel } from '../../../store/database/in-parallel.ts';
import { deploymentsOfDay, openDeployments } from '../../../store/deployments/by-day.ts';
import { readDeployment } from '../../../store/deployments/deployments.ts';
import { columnsOf, lineOf } from '../column.ts';
import { daysOf, type ExportSubject, isWithin } from '../subject.ts';

const columns = [
  ...columnsOf('text', 'deployment_id service team env version status kind'),
  ...columnsOf('boolean', 'change_failure'),
  ...columnsOf('text', 'remediation_id'),
  ...columnsOf('list', 'caused'),
  ...columnsOf('text', 'git_commit_sha repository_id'),
  ...columnsOf('time', 'started_at finished_at'),
  ...columnsOf('integer', 'lead_time_seconds'),
  ...columnsOf('list', 'sources custom_tags'),
  ...columnsOf('text', 'same_as external_id'),
  ...columnsOf('boolean', 'counts'),
];

const readsAtOnce = 16;

/** Deployments that were finished in the range, by that day, and those that are under way; verdicts as `dora` has them. */
export const deployments: ExportSubject = {
  name: 'deployments',
  by: 'finish',
  columns,
  async *days(deps, range) {
    const { deployments: judged, links } = await readRecords(deps, range.fromMs);
    const verdicts = new Map(judged.map((each) => [each.id, each]));
    const caused = new Map<string, string[]>();
    for (const [incident, { deploymentId }] of links)
      if (deploymentId) caused.set(deploymentId, [...(caused.get(deploymentId) ?? []), incident]);
    const linesOf = async (ids: readonly string[]) => {
      const rows = await inParallel([...ids].sort(), readsAtOnce, (id) => readDeployment(deps.store, id));
      return rows.flatMap((row) => {
        if (!row || row['deleted_at'] !== undefined) return [];
        const id = String(row['deployment_id']);
        const verdict = verdicts.get(id);
        return [
          lineOf(columns, {
            ...row,
            change_failure: verdict?.changeFailure ?? row['change_failure'],
            caused: caused.get(id)?.sort() ?? [],
            counts: verdict !== undefined,
          }),
        ];
      });
    };
    for (const day of daysOf(range)) {
      const finished = await deploymentsOfDay(deps.store, day);
      const ids = finished.filter(({ facts }) => isWithin(range, facts['finished_at'])).map(({ id }) => id);
      yield { day, lines: await linesOf(ids) };
    }
    const open = (await openDeployments(deps.store)).map(({ id }) => id);
    yield { day: 'open', lines: await linesOf(open) };
  },
};
