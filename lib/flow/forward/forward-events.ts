import { forEachLimited } from '../subjects/concurrency.ts';
import type { WorkDeps } from '../subjects/deps.ts';
import { workSubject } from '../subjects/work-subject.ts';

/** What `forward` reads of a DynamoDB stream event; anything else in it is ignored. */
interface StreamRecord {
  eventName?: string;
  dynamodb?: {
    SequenceNumber?: string;
    Keys?: Record<string, { S?: string } | undefined>;
  };
}

export interface BatchResult {
  batchItemFailures: { itemIdentifier: string }[];
}

export type Forward = (event: unknown, remainingMs: number) => Promise<BatchResult>;

/** Incidents worked on at the same time: all of a batch, so that one that waits for a destination holds up nobody. */
const concurrency = 25;
/** Left over at the end of an invocation, to write down what came of the last attempts. */
const reserveMs = 5_000;

/**
 * Wakes up for events that were just written down. A record is reported as failed only when not even its due
 * mark could be moved, that is when DynamoDB cannot be reached: everything else is `sweep`'s to find again.
 */
export function createForward(deps: WorkDeps): Forward {
  return async (event, remainingMs) => {
    const stopAtMs = deps.clock.now() + Math.max(remainingMs - reserveMs, 1_000);
    const records = recordsOf(event);
    const incidents = new Map<string, { logKeys: string[]; sequenceNumbers: string[] }>();
    for (const { incidentId, logKey, sequenceNumber } of records) {
      const incident = incidents.get(incidentId) ?? { logKeys: [], sequenceNumbers: [] };
      incident.logKeys.push(logKey);
      incident.sequenceNumbers.push(sequenceNumber);
      incidents.set(incidentId, incident);
    }
    const failed = new Set<string>();
    await forEachLimited(incidents, concurrency, async ([incidentId, { logKeys, sequenceNumbers }]) => {
      // Out of time: the due marks stay, `sweep` goes on from there.
      if (deps.clock.now() >= stopAtMs) return;
      try {
        await workSubject(deps, { subject: incidentId, logKeys }, stopAtMs);
      } catch (error) {
        deps.telemetry.error('DynamoDB cannot be reached, the stream will deliver again', {
          incident_id: incidentId,
          error,
        });
        for (const sequenceNumber of sequenceNumbers) failed.add(sequenceNumber);
      }
    });
    const inOrder = records.map((record) => record.sequenceNumber);
    return {
      batchItemFailures: inOrder.filter((id) => failed.has(id)).map((id) => ({ itemIdentifier: id })),
    };
  };
}

function recordsOf(event: unknown): { incidentId: string; logKey: string; sequenceNumber: string }[] {
  const records = (event as { Records?: unknown } | null)?.Records;
  if (!Array.isArray(records)) return [];
  return records.flatMap((record: StreamRecord) => {
    const incidentId = record?.dynamodb?.Keys?.['incident_id']?.S;
    const logKey = record?.dynamodb?.Keys?.['log_key']?.S;
    const sequenceNumber = record?.dynamodb?.SequenceNumber ?? '';
    if (record?.eventName !== 'INSERT' || !incidentId || !logKey) return [];
    return [{ incidentId, logKey, sequenceNumber }];
  });
}
