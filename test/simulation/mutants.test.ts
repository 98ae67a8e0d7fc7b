import { huntMutants } from './hunt-mutants.ts';
import { mutants } from './mutants.ts';

describe('the simulation', () => {
  it(`notices each of ${mutants.length} mutants`, async () => {
    const hunted = await huntMutants(mutants);
    expect(hunted.filter(({ seed }) => seed === undefined)).toEqual([]);
    expect(hunted).toHaveLength(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(15);
  }, 600_000);
});
