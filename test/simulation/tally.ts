/** Counts of what a run did: awaits by label, faults by label and kind, anything else by name. */
export interface Tally {
  awaits: Record<string, number>;
  /** Kind of call by label, which says what faults apply to it. */
  kinds: Record<string, string>;
  /** `label | fault` */
  faults: Record<string, number>;
  counts: Record<string, number>;
  /** By label, and by `label | circumstance`: seeds in which it can be struck on purpose. */
  witnesses: Record<string, Witness[]>;
}

/** A seed that comes by an await while the storm lasts, so many times. */
export interface Witness {
  seed: number;
  times: number;
}

/** So many seeds are remembered for each await. */
const mostWitnesses = 20;

export const emptyTally = (): Tally => ({ awaits: {}, kinds: {}, faults: {}, counts: {}, witnesses: {} });

export function bump(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

export const pair = (label: string, fault: string): string => `${label} | ${fault}`;

export function addTally(total: Tally, part: Tally): void {
  for (const [name, count] of Object.entries(part.awaits)) bump(total.awaits, name, count);
  for (const [name, count] of Object.entries(part.faults)) bump(total.faults, name, count);
  for (const [name, count] of Object.entries(part.counts)) bump(total.counts, name, count);
  Object.assign(total.kinds, part.kinds);
  for (const [name, witnesses] of Object.entries(part.witnesses)) {
    total.witnesses[name] = [...(total.witnesses[name] ?? []), ...witnesses].slice(0, mostWitnesses);
  }
}
