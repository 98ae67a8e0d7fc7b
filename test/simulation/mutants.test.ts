import { checkPatches } from './bundle.ts';
import { huntMutants } from './hunt-mutants.ts';
import { mutants } from './mutants.ts';

/** Of what the oracle checks, what shows soonest: a mutant each. `npm run test:campaigns` hunts them all. */
const soonest = [
  'a failed write is answered 202',
  'nothing watches the deadline',
  'a failed signature is answered 401 although a rotation may be the cause',
  'an event is deduplicated by when it came, not by what it is',
  'an event does not wait for the one before it',
  'each attempt has an id of its own',
  'attempts begin anew each time',
  'the due mark goes before anything is delivered',
  'an event that is made due again still expires',
  'the day spent resolved counts as outage',
  'who has left an incident out is forgotten between two events',
  'a layer of names decides between two',
  'an incident that was reopened is never found by the day it ended',
  'sweep does not look for held incidents',
  'a breaker that is open stays open',
  'an end that is reported apart is an incident of its own',
  'of what is reported twice that holds which stands last in the log, not what came last',
  'a phantom is counted: an incident of which only a note was seen raises the alarm',
  'nobody looks after an incident whose row was lost and made anew',
  'two sources that tell of one deployment make two of it',
];
const hunted = process.env['EVERY_MUTANT'] ? mutants : mutants.filter(({ name }) => soonest.includes(name));

describe('the simulation', () => {
  it(`notices each of ${hunted.length} of ${mutants.length} mutants`, async () => {
    expect(mutants.map(({ name }) => name)).toEqual(expect.arrayContaining(soonest));
    const found = await huntMutants(hunted);
    expect(found.filter(({ seed }) => seed === undefined)).toEqual([]);
    expect(found).toHaveLength(hunted.length);
  }, 900_000);

  it('has in the code what each mutant changes', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(15);
    for (const { patches } of mutants) checkPatches(patches);
  });
});
