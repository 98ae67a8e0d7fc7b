import { readRecords } from '../../../flow/measure/read-records.ts';
import { inParallel } from '../../../store/database/in-parallel.ts';
import { incidentsOfDay, openIncidents } from '../../../store/incidents/by-day.ts';
import { readIncident } from '../../../store/incidents/incidents.ts';
import { columnsOf, lineOf } from '../column.ts';
import { daysOf, type ExportSubject, isWithin } from '../subject.ts';

const columns = [
  ...columnsOf('text', 'incident_id'),
  ...columnsOf('integer', 'number'),
  ...columnsOf('text', 'title url status urgency priority severity env'),
  ...columnsOf('list', 'services'),
  ...columnsOf('text', 'team rule source external_id pagerduty_service_id pagerduty_service_name'),
  ...columnsOf('time', 'started_at acknowledged_at finished_at'),
  ...columnsOf('integer', 'time_to_acknowledge_seconds time_to_restore_seconds'),
  ...columnsOf('integer', 'reopen_count escalation_count reassignment_count event_count'),
  ...columnsOf('text', 'merged_into cause_deployment_id cause_rule cause_explanation'),
  ...columnsOf('list', 'inferred'),
  ...columnsOf('boolean', 'counts'),
];

const readsAtOnce = 16;

/** Incidents that ended in the range, by the day of their end, and those that are open. */
export const incidents: ExportSubject = {
  name: 'incidents',
  by: 'end',
  columns,
  async *days(deps, range) {
    const { incidents: counted, links } = await readRecords(deps, range.fromMs);
    const counting = new Set(counted.flatMap(({ id, merged }) => (merged ? [] : [id])));
    const linesOf = async (ids: readonly string[]) => {
      const rows = await inParallel([...ids].sort(), readsAtOnce, (id) => readIncident(deps.store, id));
      return rows.flatMap((row) => {
        if (!row) return [];
        const id = String(row['incident_id']);
        const link = links.get(id);
        const cause = link && {
          cause_deployment_id: link.deploymentId,
          cause_rule: link.rule,
          cause_explanation: link.explanation,
        };
        return [lineOf(columns, { ...cause, ...row, counts: counting.has(id) })];
      });
    };
    for (const day of daysOf(range)) {
      const ended = await incidentsOfDay(deps.store, day);
      const ids = ended.filter(({ facts }) => isWithin(range, facts.finished_at)).map(({ id }) => id);
      yield { day, lines: await linesOf(ids) };
    }
    const open = (await openIncidents(deps.store)).map(({ id }) => id);
    yield { day: 'open', lines: await linesOf(open) };
  },
};
