import { duration } from '../../../domain/text/duration.ts';
import type { Store } from '../../../store/database/dynamo.ts';
import { eachMapping } from '../../../store/mappings/list.ts';
import { type Check, type Finding, fault, ok, warning } from '../check.ts';

const hourMs = 3_600_000;
/** A day, and what a quiet night adds to it. */
const quietHours = 26;

/** The last webhook that was accepted, and the last that was refused because of its credentials. */
export const lastWebhook: Check = {
  name: 'last webhook',
  async look({ store, deployment, clock }) {
    const ago = (at: string) => `${at}, ${duration(Math.max(0, clock.now() - Date.parse(at)) / 1000)} ago`;
    const incident = await lastIncident(store);
    const incidents =
      incident === undefined
        ? 'no incident has come yet'
        : `the last event of an incident is of ${ago(incident)}`;
    const told = await deployment.webhooks?.();
    if (told === undefined) return ok(incidents);
    const { since, acceptedAt, refusedAt } = told;
    const findings: Finding[] = [];
    if (refusedAt !== undefined) {
      const refused = `a webhook with credentials that do not match was refused at ${ago(refusedAt)}`;
      const next = 'docs/operating.md#signatures-do-not-match';
      if (acceptedAt === undefined || acceptedAt < refusedAt)
        findings.push(fault(`${refused}; none was accepted since`, next));
      else if (clock.now() - Date.parse(refusedAt) < 24 * hourMs) findings.push(warning(refused, next));
    }
    if (acceptedAt !== undefined && clock.now() - Date.parse(acceptedAt) <= quietHours * hourMs)
      return findings.length > 0 ? findings : ok(`the last webhook came at ${ago(acceptedAt)}; ${incidents}`);
    const none = `no webhook has been accepted since ${acceptedAt === undefined ? since : ago(acceptedAt)}; ${incidents}`;
    // Nobody expects PagerDuty on a laptop that it cannot reach.
    if (deployment.isPublic) findings.push(warning(none, 'npx pdbridge doctor --ping'));
    return findings.length > 0 ? findings : ok(none);
  },
};

/** By the rows of services, each of which knows its last incident: the log has no order across incidents. */
async function lastIncident(store: Store): Promise<string | undefined> {
  let last: string | undefined;
  for await (const row of eachMapping(store)) {
    const at = row['last_incident_at'];
    if (typeof at === 'string' && (last === undefined || at > last)) last = at;
  }
  return last;
}
