import type { Compared } from '../../domain/deployment/compare.ts';
import type { Known } from '../../domain/deployment/neighbourhood.ts';
import type { Row } from '../../store/database/marshalled.ts';

/** What a deployment is compared by, as a map in its row, in the indexes, and beside what was decided last. */
export function toFacts({ id: _id, ...known }: Known): Row {
  return known as unknown as Row;
}

/** Undefined for a row that takes no part in any comparison. */
export function fromFacts(id: string, at: string, facts: Row): Known | undefined {
  const known = { ...facts, id, at } as unknown as Compared;
  return typeof known.received_at === 'string' && Array.isArray(known.sources) ? known : undefined;
}
