import fc from 'fast-check';

/** A version, seen at a time in epoch milliseconds. */
export interface Moment {
  version: string;
  at: number;
}

/** What may be seen of a service in ten hours, in the order of time. */
export const moments: fc.Arbitrary<Moment[]> = fc
  .array(fc.record({ version: fc.constantFrom('v0', 'v1', 'v2', 'v3'), at: fc.nat(600) }), { maxLength: 40 })
  .map((all) => all.map(({ version, at }) => ({ version, at: at * 60_000 })).sort((a, b) => a.at - b.at));
