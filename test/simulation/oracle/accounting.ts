import { isDeepStrictEqual } from 'node:util';
import { hour, minute } from '../scenario.ts';
import type { Check } from './check.ts';
import { accepted2xx, receiptKey } from './evidence.ts';
import { referenceFold } from './reference-fold.ts';

export const atRest: Check = {
  name: 'nothing is left pending past its deadline',
  look: ({ run, rows, all }, broken) => {
    if (run.circling) broken(`the bridge runs in circles at ${new Date(run.endedAt).toISOString()}`);
    else if (!run.settled)
      broken(`the bridge has not come to rest by ${new Date(run.endedAt).toISOString()}`);
    if (run.overdueMs > hour)
      broken(
        `something due was left lying for ${Math.round(run.overdueMs / minute)} minutes in calm weather`,
      );
    for (const table of ['events', 'deliveries'] as const) {
      for (const row of rows(table)) {
        if (row['due_at'] === undefined) continue;
        broken(
          `${table} ${row['incident_id']} ${row['log_key'] ?? row['delivery_id']} is still due (${row['due_at']})`,
        );
      }
    }
    for (const { id, row, log } of all) {
      if (log.length === 0) continue;
      if (!row) {
        broken(`${id} has ${log.length} events and no incident row`);
        continue;
      }
      const expected = row['held_reason'] === undefined ? 'settled' : 'held';
      if (row['forwarding'] !== expected)
        broken(`${id} says forwarding ${row['forwarding']}, should be ${expected}`);
    }
  },
};

export const neverExpiresWhilePending: Check = {
  name: 'only what is settled expires',
  look: ({ run, rows, all }, broken) => {
    for (const { table, after, key } of run.changes) {
      if (after?.['expires_at'] === undefined) continue;
      const open =
        table === 'events'
          ? after['due_at'] !== undefined
          : table === 'deliveries' && after['status']?.S === 'pending';
      if (open) broken(`${table} ${JSON.stringify(key)} could expire while it was pending`);
    }
    for (const { id, row, log, outgoing } of all) {
      if (row?.['held_reason'] !== undefined && row['expires_at'] !== undefined)
        broken(`${id} is held and expires`);
      const frozen = new Set(outgoing.map((each) => each['event_id']));
      for (const event of rows('events')) {
        if (event['incident_id'] !== id) continue;
        const expires = event['expires_at'] !== undefined;
        // Whether its twin went out is looked at where each must be frozen once.
        if (expires && ['skipped: never_told', 'skipped: twin'].includes(event['outcome'])) continue;
        if (expires !== frozen.has(event['event_id'])) {
          broken(
            `event ${event['event_id']} of ${id} (${log.length} events) ${expires ? 'expires and is not' : 'never expires and is'} frozen`,
          );
        }
      }
    }
    for (const row of rows('deliveries')) {
      if (row['status'] !== 'pending' && row['expires_at'] === undefined) {
        broken(`the ${row['status']} delivery ${row['incident_id']} ${row['delivery_id']} never expires`);
      }
    }
  },
};

const compared = [
  'status',
  'number',
  'title',
  'urgency',
  'priority',
  'started_at',
  'acknowledged_at',
  'finished_at',
  'time_to_acknowledge_seconds',
  'time_to_restore_seconds',
  'reopen_count',
  'escalation_count',
  'reassignment_count',
  'event_count',
  'merged_into',
  'custom_fields',
  'last_event_at',
] as const;

export const rowsEqualFold: Check = {
  name: 'incident rows equal an independent fold of the log',
  look: ({ incidents }, broken) => {
    for (const { id, row, log, complete } of incidents) {
      if (!row) continue;
      if (row['event_count'] !== log.length)
        broken(`${id} counts ${row['event_count']} events, the log has ${log.length}`);
      const picture = complete && referenceFold(log);
      if (!picture) continue;
      if (row['inferred'] !== undefined)
        broken(`${id} says ${row['inferred']} were concluded, though everything of it was told`);
      for (const name of compared) {
        if (!isDeepStrictEqual(row[name], picture[name])) {
          broken(
            `${id}: ${name} is ${JSON.stringify(row[name])}, should be ${JSON.stringify(picture[name])}`,
          );
        }
      }
      if (row['pagerduty_service_id'] !== picture.service?.id)
        broken(`${id} is at ${row['pagerduty_service_id']}`);
    }
  },
};

export const deadAreCounted: Check = {
  name: 'what became of deliveries is counted',
  look: ({ run, rows }, broken) => {
    // What was given up, sent again by a person and given up once more counts twice.
    const became = (status: string) =>
      run.changes.filter(
        ({ table, before, after }) =>
          table === 'deliveries' && after?.['status']?.S === status && before?.['status']?.S !== status,
      ).length;
    const count = (status: string) =>
      became(status) || rows('deliveries').filter((row) => row['status'] === status).length;
    for (const [status, metric] of [
      ['dead', 'DeliveriesDead'],
      ['delivered', 'DeliveriesDelivered'],
    ] as const) {
      const counted = run.metrics[metric] ?? 0;
      // A process that dies takes with it what it had counted for all destinations.
      if (Math.abs(counted - count(status)) > run.faults * run.receivers.size) {
        broken(`${count(status)} deliveries are ${status} and ${metric} says ${counted}`);
      }
    }
  },
};

export const attemptsAddUp: Check = {
  name: 'nothing is sent again once it was accepted, and every attempt is counted',
  look: ({ run, all, receipts }, broken) => {
    let again = 0;
    for (const { id, outgoing, deliveries } of all) {
      for (const row of deliveries) {
        const frozen = outgoing.find((each) => each['sequence'] === row['sequence']);
        if (!frozen || row['destination'] === 'datadog') continue;
        const seen = receipts.get(receiptKey(row['destination'], frozen['event_id'])) ?? [];
        const heard = seen.findIndex((receipt) => accepted2xx(receipt) && receipt.heard);
        if (heard >= 0) again += seen.length - 1 - heard;
        if (run.faults === 0 && run.scenario.skewMs === 0 && row['attempts'] !== seen.length) {
          broken(
            `${id} ${row['delivery_id']} says ${row['attempts']} attempts, the destination saw ${seen.length}`,
          );
        }
      }
    }
    if (again > run.faults * 3) broken(`${again} needless repetitions with ${run.faults} faults`);
  },
};

export const pinsStay: Check = {
  name: 'what a person pinned stays pinned',
  look: ({ run, rows }, broken) => {
    for (const pin of run.scenario.catalog.pins) {
      const row = rows('mappings').find((mapping) => mapping['pagerduty_service_id'] === pin.serviceId);
      if (!isDeepStrictEqual(row?.['pinned_services'], pin.services))
        broken(`the pin of ${pin.serviceId} is gone`);
    }
  },
};

export const noSecrets: Check = {
  name: 'no secret is ever stored',
  look: ({ run }, broken) => {
    for (const { table, after } of run.changes) {
      const text = after && table !== 'events' ? JSON.stringify(after) : '';
      if (/canary|whsec_|v1,/.test(text)) broken(`a row of ${table} holds a secret`);
    }
  },
};

export const noLooseEnds: Check = {
  name: 'no promise fails unheard',
  look: ({ run }, broken) => {
    for (const message of run.loose) broken(`unhandled rejection: ${message}`);
  },
};
