import * as fc from 'fast-check';
import type { Suffering, Suspect } from '../../../lib/domain/links/facts.ts';
import { link } from '../../../lib/domain/links/link.ts';
import { remediationOf } from '../../../lib/domain/links/remediation.ts';
import { suspectsAmong } from '../../../lib/domain/metrics/suspects.ts';

const hourMs = 3_600_000;
const windowMs = 24 * hourMs;
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Around the edges of the window, and what takes longer than it. */
const hour = fc.integer({ min: -2, max: 60 }).map((hours) => hours * hourMs);
const instant = fc.tuple(hour, fc.constantFrom(-1, 0, 1)).map(([ms, off]) => ms + off);
const service = fc.constantFrom('cart', 'Cart', 'billing', ' ');
const env = optional(fc.constantFrom('prod', 'PROD', 'staging', ''));
const team = optional(fc.constantFrom('payments', 'Payments', 'search'));
const commit = optional(fc.constantFrom('abcdef0', 'abcdef012345', '1234567'));
const version = optional(fc.constantFrom('1', '2'));

const suspects = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5', 'd6'),
    service: optional(service),
    team,
    env,
    status: fc.constantFrom<Suspect['status']>('succeeded', 'failed', 'in_progress'),
    startedAtMs: optional(instant),
    finishedAtMs: optional(instant),
    commitSha: commit,
    version,
  }),
  { selector: ({ id }) => id },
);
const suffering: fc.Arbitrary<Suffering> = fc.record({
  services: fc.uniqueArray(service, { maxLength: 2 }),
  team,
  env,
  startedAtMs: instant,
  finishedAtMs: optional(instant),
  commitSha: commit,
  version,
  deploymentId: optional(fc.constantFrom('d1', 'd6', 'unknown')),
});

describe('what may have caused an incident', () => {
  it('is found among the few that are looked at as it is among all', () => {
    fc.assert(
      fc.property(suspects, suffering, (known, incident) => {
        const few = suspectsAmong(known, windowMs).of(incident);
        expect(link(incident, few, { windowMs })).toEqual(link(incident, known, { windowMs }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is put right by what is found among the few as among all', () => {
    fc.assert(
      fc.property(suspects, suffering, (known, incident) => {
        for (const cause of known) {
          const few = suspectsAmong(known, windowMs).after(cause, incident);
          expect(remediationOf(cause, incident, few)).toEqual(remediationOf(cause, incident, known));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is looked for among what is near: of a year of deployments in two services, one day of one', () => {
    const year = Array.from({ length: 2 * 365 }, (_, index) => ({
      id: `d${index}`,
      service: index % 2 === 0 ? 'cart' : 'billing',
      env: 'prod',
      status: 'succeeded' as const,
      startedAtMs: Math.floor(index / 2) * windowMs,
      finishedAtMs: Math.floor(index / 2) * windowMs + hourMs,
    }));
    const incident = { services: ['cart'], env: 'prod', startedAtMs: 200 * windowMs + 2 * hourMs };
    expect(suspectsAmong(year, windowMs).of(incident)).toEqual([year[400]]);
  });
});
