import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { update } from '../database/request.ts';
import type { Lease } from './lease.ts';

const table = 'incidents';
const key = (incidentId: string): Row => ({ incident_id: incidentId });

/** Which deployments may believe that they have to answer for an incident, each with what it was told last. */
export type ToldCauses = Record<string, string>;

export const toldCauses = (row: Row): ToldCauses => (row['cause_told'] as ToldCauses | undefined) ?? {};

/**
 * Notes, before anything is told, whom something may have been told: should the worker die, the next one tells those
 * too. The number under which it is told, higher than any before it, also than those of a row that was lost: it goes
 * with the clock. `lost`: somebody else has the lease.
 */
export async function noteTelling(
  store: Store,
  lease: Lease,
  told: ToldCauses,
  nowMs: number,
): Promise<number | 'lost'> {
  const revision = Math.max(Number(lease.row['cause_revision'] ?? 0) + 1, nowMs);
  const row = await update(store, table, key(lease.incidentId), {
    set: { cause_told: told, cause_revision: revision },
    when: '#epoch = :epoch AND #lease_owner = :owner',
    values: { epoch: lease.epoch, owner: lease.owner },
  });
  if (row === undefined) return 'lost';
  // Nothing else of it: what others have noted meanwhile has not been looked at.
  lease.row = { ...lease.row, cause_revision: revision };
  return revision;
}

/** Asks whoever works on the incident next, or right now, to judge its cause anew. */
export async function askForCause(store: Store, incidentId: string): Promise<void> {
  await update(store, table, key(incidentId), {
    add: { cause_asked: 1, wakes: 1 },
    when: 'attribute_exists(#incident_id)',
  });
}

/** What a person says of an incident's cause. */
export interface SaidCause {
  /** Null: no deployment caused it. */
  deployment_id: string | null;
  by: string;
  /** ISO 8601. */
  at: string;
  note?: string | undefined;
}

/** A person's word, or with undefined its being taken back; the row as it is then, undefined if there is none. */
export async function sayCause(
  store: Store,
  incidentId: string,
  said: SaidCause | undefined,
): Promise<Row | undefined> {
  return update(store, table, key(incidentId), {
    set: { cause_said: said },
    add: { cause_asked: 1, wakes: 1 },
    when: 'attribute_exists(#started_at)',
  });
}
