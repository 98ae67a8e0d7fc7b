import type { Receipt } from '../receiver.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import { type Evidence, failureId } from './evidence.ts';

interface Failure {
  id: string;
  started_at: number;
  finished_at?: number;
  env?: string;
  services?: string[];
  team?: string;
  name?: string;
  severity?: string;
}

const identity = ({ started_at, env, services, team }: Failure) =>
  JSON.stringify([started_at, env, services, team]);

/** What Datadog holds after a list of requests: it tells failures apart by start, environment and services. */
function replay(receipts: Receipt[]): Map<string, Map<string, Failure>> {
  const held = new Map<string, Map<string, Failure>>();
  const of = (id: string) => {
    const failures = held.get(id) ?? new Map<string, Failure>();
    held.set(id, failures);
    return failures;
  };
  for (const { request, status } of receipts) {
    // A receiver that says there is nothing to delete is taken at its word.
    const gone = request.method === 'DELETE' && status === 404;
    if (!gone && (typeof status !== 'number' || status >= 300)) continue;
    if (request.method === 'DELETE') {
      of(request.url.split('/').at(-1) ?? '').clear();
      continue;
    }
    const failure = JSON.parse(request.body ?? '{}').data.attributes as Failure;
    of(failure.id).set(identity(failure), failure);
  }
  return held;
}

function evidenceOf({ run, all }: Evidence) {
  const receipts = run.receivers.get('datadog')?.receipts ?? [];
  const failures = replay(receipts);
  const posted = receipts.filter(
    ({ request, status }) => request.method === 'POST' && typeof status === 'number' && status < 300,
  );
  const pictures = posted.map(({ request }) => JSON.parse(request.body ?? '{}').data.attributes as Failure);
  return all.map((incident) => ({
    incident,
    accepted: pictures.filter(({ id }) => id === failureId(incident.id)),
    failures: [...(failures.get(failureId(incident.id))?.values() ?? [])],
    sent: incident.deliveries.filter((row) => row['destination'] === 'datadog'),
  }));
}

/** A process that stood still may send an old picture after a newer one; nobody can call it back. */
const sentByZombie = ({ run }: Evidence) =>
  Object.keys(run.tally.faults).some((name) => name.endsWith('to datadog | late_effect'));

/** What a picture must agree in: is it over, and what is it called. */
const shows = (failure: Failure, event: Row): boolean =>
  (failure.finished_at !== undefined) === (event['finished_at'] !== undefined) &&
  failure.name === event['name'];

export const onePicture: Check = {
  name: 'Datadog holds one failure an incident, with the current picture',
  look: (evidence, broken) => {
    const zombie = sentByZombie(evidence);
    const mayDelete = evidence.run.scenario.deployments.every(({ config }) =>
      config.destinations.every(
        ({ type, application_key }) => type !== 'datadog' || application_key !== undefined,
      ),
    );
    for (const { incident, failures, accepted, sent } of evidenceOf(evidence)) {
      const { id, outgoing } = incident;
      if (failures.length > 1 && !zombie) broken(`${id} became ${failures.length} failures at Datadog`);
      const whole = sent.every(
        ({ status, reason }) =>
          status === 'delivered' ||
          (status === 'skipped' && !['destination_removed', 'unmatched', 'filtered'].includes(reason)),
      );
      const newest = outgoing.at(-1);
      if (!whole || sent.length === 0 || !newest?.['destinations'].includes('datadog')) continue;
      const event = newest['incident_event'];
      if (event.incident.merged_into !== null) continue;
      if (event.incident.withdrawn_at !== undefined) {
        const left = failures.some(({ finished_at }) => mayDelete || finished_at === undefined);
        if (left && !zombie) broken(`${id} was taken back and Datadog shows ${JSON.stringify(failures)}`);
        continue;
      }
      const seen = zombie ? accepted : failures;
      if (!seen.some((failure) => shows(failure, event))) {
        broken(
          `${id} is ${event.incident.status}, which is not what Datadog shows: ${JSON.stringify(failures)}`,
        );
      }
    }
  },
};
