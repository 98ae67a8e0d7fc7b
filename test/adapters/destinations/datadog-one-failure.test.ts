import fc from 'fast-check';
import type { Memory } from '../../../lib/domain/destination/destination.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { deleting, plain, type Sent } from './datadog-fixture.ts';
import { acknowledged, changed, merged, reopened, resolved, triggered } from './incident-events.ts';

describe('never two failures for one incident', () => {
  /** Datadog as it is documented: same env, services and start is the same failure; an id deletes. */
  type Failures = Map<string, { id: string; finished: boolean }>;

  function accept(failures: Failures, { method, path, body: text }: Sent['requests'][number]): void {
    if (method === 'DELETE') {
      for (const [key, { id }] of failures) if (path.endsWith(id)) failures.delete(key);
      return;
    }
    const { id, env, services, started_at, finished_at } = JSON.parse(text ?? '').data.attributes;
    const key = JSON.stringify([env, services, started_at]);
    failures.set(key, { id, finished: finished_at !== undefined || (failures.get(key)?.finished ?? false) });
  }

  const anyEvent = fc
    .record({
      sample: fc.constantFrom(triggered, acknowledged, resolved, reopened, merged),
      env: fc.constantFrom('prod', 'staging'),
      services: fc.constantFrom<string[]>(['cart'], ['checkout-api'], ['cart', 'checkout-api']),
      severity: fc.constantFrom('SEV-1', 'SEV-2'),
    })
    .map(({ sample, ...facts }) => changed(sample, facts));
  /** How an attempt goes: how many requests arrive, and whether the bridge learns that they did. */
  const anyStep = fc.record({ event: anyEvent, arrive: fc.nat(2), learned: fc.boolean() });

  it.each([
    ['with', deleting],
    ['without', plain],
  ])('whatever happens and fails, %s an application key', (_, destination) => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), anyEvent, (steps, last) => {
        const failures: Failures = new Map();
        let memory: Memory | undefined;
        const attempt = (event: IncidentEvent, arrive: number, learned: boolean) => {
          const rendering = destination.render(event, memory);
          if ('skip' in rendering) return;
          memory = rendering.memory ?? memory;
          const { requests } = rendering.payload as unknown as Sent;
          for (const request of requests.slice(0, arrive)) accept(failures, request);
          expect(failures.size).toBeLessThanOrEqual(1);
          if (learned && arrive >= requests.length) memory = rendering.memoryAfter;
        };
        for (const { event, arrive, learned } of steps) attempt(event, arrive, learned);
        attempt(last, 2, true);
        expectPicture(failures, last, destination === deleting);
      }),
      { numRuns: 500 },
    );
  });

  /** In the end Datadog shows the last event: gone if merged, and with an application key exactly as it is. */
  function expectPicture(failures: Failures, last: IncidentEvent, canDelete: boolean): void {
    const isMerged = last.incident.merged_into !== null;
    const [failure] = [...failures.entries()];
    const key = JSON.stringify([last.env, last.services, Date.parse(last.started_at) * 1_000_000]);
    const finished = last.finished_at !== undefined;
    expect(failures.size).toBe(isMerged && (canDelete || !failure) ? 0 : 1);
    if (isMerged && failure) expect(failure[1].finished).toBe(true);
    if (!isMerged && canDelete) {
      expect(failure).toEqual([key, { id: 'pagerduty:Q2CKYRLH85UNN4', finished }]);
    }
  }
});
