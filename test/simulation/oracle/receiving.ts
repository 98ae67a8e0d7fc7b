import { createHash } from 'node:crypto';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import { isDeployment, isReported } from './evidence.ts';
import { placesOf } from './told-once.ts';

const quarantineId = (body: string) => `quarantine:${createHash('sha256').update(body).digest('hex')}`;

export const acceptedIsLogged: Check = {
  name: 'every accepted event is in the log once, as it was sent',
  look: ({ run, rows }, broken) => {
    const byEvent = new Map<string, Row[]>();
    const partitions = new Set<string>();
    for (const row of rows('events')) {
      partitions.add(row['incident_id']);
      byEvent.set(row['event_id'], [...(byEvent.get(row['event_id']) ?? []), row]);
    }
    const judged = new Set<string>();
    for (const { event, status, body } of run.attempts) {
      if (status !== 202 || judged.has(event.eventId)) continue;
      judged.add(event.eventId);
      const said = JSON.parse(body ?? '{}').status;
      if (said === 'pong' && event.type === 'pagey.ping') continue;
      if (said === 'quarantined') {
        if (event.type !== 'garbage')
          broken(`${event.type} ${event.eventId} was readable and went to quarantine`);
        else if (!partitions.has(quarantineId(event.body))) broken('a quarantined body is not kept');
        continue;
      }
      const found = byEvent.get(event.eventId) ?? [];
      if (found.length !== 1)
        broken(`${event.type} ${event.eventId} was answered 202 and is in the log ${found.length} times`);
      const [row] = found;
      if (row && row['body'] !== event.body)
        broken(`the body of ${event.eventId} is not kept as it was sent`);
      if (row && event.incidentId && row['incident_id'] !== event.incidentId) {
        broken(`${event.eventId} belongs to ${event.incidentId} and is logged under ${row['incident_id']}`);
      }
    }
  },
};

export const nothingInvented: Check = {
  name: 'the log holds nothing that PagerDuty did not send, and nothing twice',
  look: ({ run, rows, incidents }, broken) => {
    const sent = new Set(
      [...run.scenario.stories.flat(), ...run.strangers.flatMap(({ authentic }) => authentic ?? [])].map(
        ({ eventId }) => eventId,
      ),
    );
    for (const { untold, told } of incidents)
      for (const id of placesOf(run.scenario, [...untold, ...told]).keys()) sent.add(id);
    const seen = new Set<string>();
    for (const row of rows('events')) {
      if (String(row['incident_id']).startsWith('quarantine:')) continue;
      // Those have no ids of their own; see reporting.ts.
      const id = String(row['incident_id']);
      if (isReported(id) || isDeployment(id) || id.startsWith('versions:')) continue;
      if (!sent.has(row['event_id'])) broken(`the log holds ${row['event_id']}, which was never sent`);
      if (seen.has(row['event_id'])) broken(`${row['event_id']} is in the log twice`);
      seen.add(row['event_id']);
    }
  },
};

export const answers: Check = {
  name: 'authentic requests are answered 202 or asked to come again, never refused',
  look: ({ run }, broken) => {
    const untroubled = run.faults === 0 && run.scenario.secrets.settledAt === 0 && run.scenario.skewMs === 0;
    for (const { event, status, at, answeredAt } of run.attempts) {
      if (status !== undefined && status !== 202 && status < 500)
        broken(`${event.type} ${event.eventId} was answered ${status}`);
      if (untroubled && status !== 202)
        broken(`${event.eventId} was answered ${status} although nothing went wrong`);
      if (status === 202 && answeredAt - at > 5_000) broken(`an answer after 5 seconds was counted`);
    }
    for (const { authentic, status, expected } of run.strangers) {
      if (authentic || status === undefined) continue;
      if (!expected.includes(status)) broken(`a request that PagerDuty did not send was answered ${status}`);
    }
  },
};

/** A process that lives and is not held up answers in time even if the database does not. */
export const inTime: Check = {
  name: 'a slow or failing database costs a 503, not a missing answer',
  look: ({ run }, broken) => {
    const held = Object.keys(run.tally.faults).some(
      (name) => name.startsWith('receive') && /crash|sleep/.test(name),
    );
    if (held || run.scenario.skewMs > 500) return;
    for (const { event, status } of run.attempts) {
      if (status === undefined)
        broken(`${event.eventId} was not answered within 5 seconds by a process that was alive`);
    }
  },
};
