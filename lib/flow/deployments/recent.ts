import type { Known } from '../../domain/deployment/neighbourhood.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Neighbour } from '../../store/deployments/deployments.ts';
import { fromFacts, toFacts } from './known-facts.ts';

/** The index that the others are read from is behind by less than this. */
const indexLagMs = 3_600_000;
/** Beyond so many the oldest are left to the index. */
const mostRecent = 200;

type Noted = Record<string, { noted_at: string; at: string; facts: Row }>;

const notedIn = (row: Row): Noted => (row['recent'] as Noted | undefined) ?? {};

/** What the row that deployments of a service and env share says was decided of each. */
export function decidedIn(row: Row): Map<string, Known> {
  return new Map(
    Object.entries(notedIn(row)).flatMap(([id, { at, facts }]) => {
      const known = fromFacts(id, at, facts);
      return known ? [[id, known] as const] : [];
    }),
  );
}

/** How much of its log whoever decided of it within the last hour had read. A log that has expired begins anew. */
export function readOfLate(row: Row, id: string, nowMs: number): number {
  const entry = notedIn(row)[id];
  return entry && entry.noted_at > iso(nowMs - indexLagMs)
    ? (fromFacts(id, entry.at, entry.facts)?.read ?? 0)
    : 0;
}

/**
 * Of these, what the index need not show yet: what was decided of late, and whatever it does not show although it
 * should, because whoever decided it has not come to writing its row since.
 */
export function unshown(
  row: Row,
  decided: ReadonlyMap<string, Known>,
  { shown, from, until }: { shown: readonly Neighbour[]; from: string; until: string },
  nowMs: number,
): Map<string, Known> {
  const before = notedIn(row);
  const since = iso(nowMs - indexLagMs);
  const written = new Map(shown.map(({ id, facts }) => [id, facts]));
  const isWritten = ({ id, verdict, read }: Known) => {
    const facts = written.get(id);
    return facts !== undefined && facts['verdict'] === verdict && facts['read'] === read;
  };
  // The row of one that has left is in another part of the index.
  const hasLeft = ({ deleted, deleted_at }: Known) => deleted && deleted_at === undefined;
  const isUnwritten = (known: Known) =>
    !hasLeft(known) && !isWritten(known) && known.at >= from && known.at <= until;
  const kept = [...decided].filter(
    ([id, known]) => (before[id]?.noted_at ?? '') > since || isUnwritten(known),
  );
  return new Map(kept);
}

/** To be written: each with the time it was decided at; the one that is decided now with this moment. */
export function noted(row: Row, recent: ReadonlyMap<string, Known>, id: string, nowMs: number): Noted {
  const before = notedIn(row);
  const entries = [...recent.values()].map((known) => {
    const noted_at = known.id === id ? iso(nowMs) : (before[known.id]?.noted_at ?? iso(nowMs));
    return [known.id, { noted_at, at: known.at, facts: toFacts(known) }] as const;
  });
  const newest = entries.sort(([, a], [, b]) => (a.noted_at < b.noted_at ? 1 : -1)).slice(0, mostRecent);
  return Object.fromEntries(newest);
}
