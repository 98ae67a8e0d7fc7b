import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isDatadog, type Receipt } from '../receiver.ts';
import { hour } from '../scenario.ts';
import type { Row, Run } from '../world.ts';
import type { Check } from './check.ts';
import { accepted2xx, type Evidence, failureId, frozenEvent, isDeployment, receiptKey } from './evidence.ts';

const retryable = new Set([401, 403, 404, 408, 425, 429]);
const refusing = ({ status }: Receipt) =>
  typeof status === 'number' && status >= 300 && status < 500 && !retryable.has(status);
/** Datadog has said that it takes no more of this. */
const ending = ({ destination, status }: Receipt) =>
  isState(destination) && (status === 404 || status === 410);
const faulty = ({ status }: Receipt) => status === 'none' || (typeof status === 'number' && status >= 500);

const isState = isDatadog;

/**
 * What was owed, as the frozen rows say or a person has added, with what became of it and what the destination saw.
 */
function* owed(
  evidence: Evidence,
): Generator<{ frozen: Row; destination: string; row: Row | undefined; seen: Receipt[] }> {
  for (const { outgoing, deliveries } of [...evidence.all, ...evidence.deployments]) {
    for (const frozen of outgoing) {
      const rows = deliveries.filter((delivery) => delivery['sequence'] === frozen['sequence']);
      const backfilled = rows.map((row) => String(row['destination']));
      for (const destination of new Set<string>([...frozen['destinations'], ...backfilled])) {
        const row = rows.find((delivery) => delivery['destination'] === destination);
        const seen = evidence.receipts.get(receiptKey(destination, frozen['event_id'])) ?? [];
        yield { frozen, destination, row, seen };
      }
    }
  }
}

export const destinationsFixed: Check = {
  name: 'an event is owed to the destinations that were configured when it was frozen',
  look: ({ run, all, deployments }, broken) => {
    for (const { id, outgoing } of [...all, ...deployments]) {
      for (const frozen of outgoing) {
        if (isReleased(all, id, frozen)) {
          if (!isOwedToAll(run, frozen))
            broken(`${id} sequence ${frozen['sequence']} was heard and is owed to ${frozen['destinations']}`);
          continue;
        }
        const isPast = frozenEvent(frozen)['imported'] === true;
        const hears = ({ name, history }: { name: string; history?: boolean | undefined }) =>
          ['ops', 'marks'].includes(name) === isDeployment(id) && (!isPast || history === true);
        const at = Date.parse(frozen['frozen_at']);
        const fits = run.scenario.deployments.some(({ config, at: from, lingersMs }, index) => {
          const next = run.scenario.deployments[index + 1];
          const slack = run.scenario.skewMs + hour;
          const until = next ? next.at + next.lingersMs + slack : Number.POSITIVE_INFINITY;
          return (
            at >= from - slack - lingersMs &&
            at <= until &&
            isDeepStrictEqual(
              new Set(frozen['destinations']),
              new Set(config.destinations.filter(hears).map(({ name }) => name)),
            )
          );
        });
        if (!fits) broken(`${id} sequence ${frozen['sequence']} is owed to ${frozen['destinations']}`);
      }
    }
  },
};

/** The past, of which a webhook has come all the same. */
function isReleased(all: Evidence['all'], id: string, frozen: Row): boolean {
  const heard = all
    .find((each) => each.id === id)
    ?.occurrences.some(({ eventId, isHeard }) => isHeard && eventId === frozen['event_id']);
  return frozenEvent(frozen)['imported'] === true && heard === true;
}

/** Who it is owed to then depends on when the webhook came. */
function isOwedToAll({ scenario }: Run, frozen: Row): boolean {
  const owedTo: string[] = frozen['destinations'];
  const named = scenario.deployments.map(({ config }) =>
    config.destinations.map(({ name }) => name).filter((name) => !['ops', 'marks'].includes(name)),
  );
  const isAnyones = owedTo.every((name) => named.flat().includes(name));
  return isAnyones && named.some((names) => names.every((name) => owedTo.includes(name)));
}

export const everythingArrives: Check = {
  name: 'every destination got each event it was owed, or the row says why not and the reason holds',
  look: (evidence, broken) => {
    for (const { frozen, destination, row, seen } of owed(evidence)) {
      const where = `${frozen['incident_id']} sequence ${frozen['sequence']} to ${destination}`;
      if (!row) {
        broken(`${where} has no delivery row`);
        continue;
      }
      if (row['status'] === 'pending') broken(`${where} is still pending`);
      if (row['status'] === 'delivered' && !isState(destination) && !seen.some(accepted2xx)) {
        broken(`${where} counts as delivered and never arrived`);
      }
      if (row['status'] === 'skipped') {
        const unfounded = whyNotSkipped(evidence.run, row, frozen);
        if (unfounded) broken(`${where} is skipped as ${row['reason']}, but ${unfounded}`);
      }
      if (row['status'] === 'dead') {
        const tried = isState(destination) ? aboutIncident(evidence, destination, frozen) : seen;
        if (!mayBeDead(evidence, row, tried)) {
          broken(`${where} is dead (${row['last_error'] ?? row['reason']}) without cause`);
        }
        if (!row['last_error'] && !row['reason']) broken(`${where} is dead and does not say why`);
      }
    }
  },
};

function whyNotSkipped(run: Run, row: Row, frozen: Row): string | undefined {
  const configs = run.scenario.deployments.map(({ config }) => config);
  const named = configs.flatMap(
    ({ destinations }) => destinations.find(({ name }) => name === row['destination']) ?? [],
  );
  const isOfDeployments = row['destination'] === 'marks' && isDeployment(row['incident_id']);
  if (isOfDeployments && isNoneThere(row['reason'], frozen)) return undefined;
  switch (row['reason']) {
    case 'filtered':
      return named.some(
        ({ events, only, counts }) =>
          // Whether a choice leaves it out rightly is judged by itself; see choosing.ts.
          only || counts || (events && !events.includes(frozen['incident_event'].type)),
      )
        ? undefined
        : 'no filter says so';
    case 'destination_removed':
      return configs.some(({ destinations }) => destinations.every(({ name }) => name !== row['destination']))
        ? undefined
        : 'it was never removed';
    case 'unmatched':
      return configs.some(({ unmatched }) => unmatched === 'drop') ? undefined : 'nothing says drop';
    case 'superseded':
    case 'unchanged':
    case 'identity_kept':
    case 'merged_before_sent':
    case 'withdrawn_before_sent':
      return isState(row['destination']) ? undefined : 'this destination gets every event';
    default:
      return 'there is no such reason';
  }
}

/** Datadog shows no deployment that failed, was taken back, or is another one's double. */
function isNoneThere(reason: string, frozen: Row): boolean {
  const { status, deleted, same_as } = frozen['deployment_event'].deployment;
  if (reason === 'deployment_failed') return status === 'failed';
  return reason === 'deployment_deleted' ? deleted === true : reason === `same_as: ${same_as}`;
}

/** A destination that holds one picture of an incident sees no event ids. */
function aboutIncident({ run }: Evidence, destination: string, frozen: Row): Receipt[] {
  const subject = String(frozen['incident_id']);
  const id = isDeployment(subject) ? subject.slice('deployment:'.length) : failureId(subject);
  const seen = run.receivers.get(destination)?.receipts ?? [];
  // Which deployment it asks for does not show.
  const asks = ({ request }: Receipt) => request.url.endsWith('/api/v2/dora/deployments');
  return seen.filter(
    (one) => asks(one) || one.request.url.endsWith(`/${id}`) || one.request.body?.includes(`"${id}"`),
  );
}

/** Refused for good, poison while others were accepted, or given the whole horizon. */
function mayBeDead({ run }: Evidence, row: Row, seen: Receipt[]): boolean {
  if (seen.some(refusing) || seen.some(ending)) return true;
  if (seen.filter((receipt) => faulty(receipt) || !receipt.heard).length >= 10) return true;
  const changes = run.changes.filter(
    ({ table, key }) =>
      table === 'deliveries' &&
      key['incident_id']?.S === row['incident_id'] &&
      key['delivery_id']?.S === row['delivery_id'],
  );
  const born = changes[0]?.at ?? 0;
  const died = changes.find(({ after }) => after?.['status']?.S === 'dead')?.at ?? 0;
  const whole = died - born >= (run.scenario.horizonHours - 1) * hour - run.scenario.skewMs;
  // The horizon alone is no excuse: the destination must have been in trouble when time was up.
  const receiver = run.receivers.get(row['destination']);
  const troubled = [0, 0.5, 1, 1.5, 2].some((ago) => receiver?.mood(died - ago * hour) !== 'well');
  return whole && (troubled || (receiver?.poisoned(row['event_id']) ?? false));
}

export const endsAtOnce: Check = {
  name: 'what Datadog takes no more ends at once, not with the horizon',
  look: ({ all }, broken) => {
    for (const { id, deliveries } of all) {
      for (const row of deliveries) {
        const told = isState(row['destination']) && [404, 410].includes(row['last_status_code']);
        if (told && row['status'] === 'dead' && String(row['reason']).includes('horizon'))
          broken(
            `${id} sequence ${row['sequence']} was tried until the horizon after a ${row['last_status_code']}`,
          );
      }
    }
  },
};

export const oneBody: Check = {
  name: 'every attempt of an event carries the same id, headers and bytes, and a good signature',
  look: ({ receipts, run }, broken) => {
    for (const [key, seen] of receipts) {
      const [first] = seen;
      if (!first || isState(first.destination)) continue;
      for (const { request } of seen) {
        if (request.body !== first.request.body) broken(`the body of ${key} changed between attempts`);
        const steady = (headers: Record<string, string>) => ({
          ...headers,
          'webhook-timestamp': '',
          'webhook-signature': '',
        });
        if (!isDeepStrictEqual(steady(request.headers), steady(first.request.headers))) {
          broken(`the headers of ${key} changed between attempts`);
        }
        if (request.headers['webhook-signature'] && !wellSigned(run, request))
          broken(`${key} is signed wrongly`);
      }
    }
  },
};

function wellSigned(run: Run, { headers, body = '' }: Receipt['request']): boolean {
  const secret = Buffer.from(
    run.scenario.secrets.parameter('/bridge/outgoing', 0).slice('whsec_'.length),
    'base64',
  );
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
  return (headers['webhook-signature'] ?? '').split(' ').includes(expected);
}

export const bodyIsFrozenEvent: Check = {
  name: 'what arrives is the frozen incident event',
  look: (evidence, broken) => {
    for (const { frozen, destination, seen } of owed(evidence)) {
      const [first] = seen;
      if (!first || isState(destination)) continue;
      const body = JSON.parse(first.request.body ?? '{}');
      const where = `${frozen['incident_id']} sequence ${frozen['sequence']} to ${destination}`;
      if (!isDeepStrictEqual(body, frozenEvent(frozen))) broken(`${where} is not what was frozen`);
      if (body.id !== frozen['event_id'] || body.sequence !== frozen['sequence'])
        broken(`${where} has another identity`);
    }
  },
};

export const inSequence: Check = {
  name: 'first receipts of an incident come in sequence order',
  look: ({ all, deployments, receipts, run }, broken) => {
    for (const destination of run.receivers.keys()) {
      if (isState(destination)) continue;
      for (const { id, outgoing, deliveries } of [...all, ...deployments]) {
        let earliest = Number.POSITIVE_INFINITY;
        for (const frozen of outgoing.toReversed()) {
          const seen = receipts.get(receiptKey(destination, frozen['event_id'])) ?? [];
          const row = deliveries.find(
            (each) => each['destination'] === destination && each['sequence'] === frozen['sequence'],
          );
          // What a person sends again was given up before, and later ones went on.
          if (row?.['redriven'] || isReleased(all, id, frozen)) continue;
          const status = row?.['status'];
          const got = seen.find(accepted2xx)?.at;
          if (status === 'delivered' && got !== undefined && got > earliest) {
            broken(`${destination} got sequence ${frozen['sequence']} of ${id} after a later one`);
          }
          const first = seen.find((receipt) => receipt.status !== 'refused')?.at;
          if (first !== undefined) earliest = Math.min(earliest, first);
        }
      }
    }
  },
};
