import { readReport } from '../../incident-report/incident-report.ts';
import { doraIncident } from '../../subject/dora-incident.ts';
import { importedSource } from '../../subject/imported-source.ts';
import type { Dialect } from '../dialect.ts';
import { readBack } from '../read-back.ts';

/** What other programs report, as `lib/domain/incident-report` writes it down. */
export const report: Dialect = {
  kind: doraIncident,
  read({ body, incidentId, receivedAt, eventId }) {
    const said = readReport(body);
    // A derived id fits a key, so it can be read back from there.
    const externalId = said?.external_id ?? doraIncident.idOf(incidentId);
    const received = `${receivedAt}#${eventId}`;
    // What was read back from Datadog is as if it had been told before everything else.
    const stamp = said?.source === importedSource ? `${readBack}${received}` : received;
    return { customFields: [], told: { externalId, stamp, ...(said && { report: said }) } };
  },
  announce({ body, eventType }) {
    const said = readReport(body);
    if (said === undefined)
      return { happened: eventType === 'incident.deleted' ? 'Withdrawn' : `Unreadable ${eventType}` };
    const what = said.finished_at === undefined ? 'Reported' : 'Reported with its end';
    return { happened: `${what} (${said.source})` };
  },
};
