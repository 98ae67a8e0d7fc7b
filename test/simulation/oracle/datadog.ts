import type { Receipt } from '../receiver.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';

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
    if (typeof status !== 'number' || status >= 300) continue;
    if (request.method === 'DELETE') {
      of(request.url.split('/').at(-1) ?? '').clear();
      continue;
    }
    const failure = JSON.parse(request.body ?? '{}').data.attributes as Failure;
    of(failure.id).set(identity(failure), failure);
  }
  return held;
}

function evidenceOf({ run, incidents }: Evidence) {
  const receipts = run.receivers.get('datadog')?.receipts ?? [];
  const failures = replay(receipts);
  return incidents.map((incident) => ({
    incident,
    failures: [...(failures.get(`pagerduty:${incident.id}`)?.values() ?? [])],
    sent: incident.deliveries.filter((row) => row['destination'] === 'datadog'),
  }));
}

export const onePicture: Check = {
  name: 'Datadog holds one failure an incident, with the current picture',
  look: (evidence, broken) => {
    for (const { incident, failures, sent } of evidenceOf(evidence)) {
      const { id, outgoing } = incident;
      if (failures.length > 1) broken(`${id} became ${failures.length} failures at Datadog`);
      const settled = sent.every(
        ({ status, reason }) =>
          status === 'delivered' ||
          (status === 'skipped' && reason !== 'destination_removed' && reason !== 'unmatched'),
      );
      const filtered = sent.some(({ reason }) => reason === 'filtered');
      const last = outgoing.filter((frozen) => frozen['destinations'].includes('datadog')).at(-1);
      const newest = outgoing.at(-1);
      if (!settled || filtered || !last || last !== newest || sent.length === 0) continue;
      const event = last['incident_event'];
      const [failure] = failures;
      if (event.incident.merged_into !== null) continue;
      if (!failure) broken(`${id} is not known to Datadog`);
      else if ((failure.finished_at !== undefined) !== (event.finished_at !== undefined)) {
        broken(
          `${id} is ${event.incident.status}, at Datadog it has ${failure.finished_at === undefined ? 'no' : 'an'} end`,
        );
      } else if (failure.name !== event.name) broken(`${id} has an old name at Datadog`);
    }
  },
};
