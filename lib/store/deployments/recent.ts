import type { Row } from '../database/marshalled.ts';
import type { Neighbour } from './deployments.ts';

/** The index that the others are read from is behind by less than this. */
const indexLagMs = 3_600_000;

/** The row of the table `state` that all deployments of a service and env share. */
export const stateName = (serviceEnv: string): string => `deployments of ${serviceEnv}`;

type Noted = Record<string, { noted_at: string; at: string; facts: Row }>;

const notedIn = (row: Row): Noted => (row['recent'] as Noted | undefined) ?? {};

/** What was decided of late, which the index may not show yet, as that row has it. */
export function recentlyDecided(row: Row, nowMs: number): Neighbour[] {
  const since = new Date(nowMs - indexLagMs).toISOString();
  return Object.entries(notedIn(row))
    .filter(([, { noted_at }]) => noted_at > since)
    .map(([id, { at, facts }]) => ({ id, at, facts }));
}
