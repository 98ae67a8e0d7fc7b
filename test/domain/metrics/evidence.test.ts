import * as fc from 'fast-check';
import { calendarOf } from '../../../lib/domain/metrics/calendar.ts';
import { evidence, numbers } from '../../../lib/domain/metrics/evidence.ts';
import { measure } from '../../../lib/domain/metrics/measure.ts';
import { narrow } from '../../../lib/domain/metrics/scope.ts';
import { at, deployment, incident, march, records } from './records.ts';

const moments = fc.constantFrom(march.fromMs - 1, march.fromMs, at('10 12:00'), march.toMs - 1, march.toMs);
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });
const everything = fc
  .tuple(
    fc.array(
      fc
        .record({
          finishedAtMs: moments,
          status: fc.constantFrom('succeeded', 'failed'),
          kind: fc.constantFrom('standard', 'rollback', 'rollforward', undefined),
          changeFailure: maybe(fc.boolean()),
          causedEndedAtMs: maybe(fc.constant(march.toMs + 5)),
          leadTimeSeconds: maybe(fc.nat(100)),
          service: fc.constantFrom('checkout-api', 'cart'),
        })
        .map(deployment),
    ),
    fc.array(
      fc
        .record({
          startedAtMs: moments,
          finishedAtMs: maybe(moments),
          timeToRestoreSeconds: maybe(fc.nat(100)),
          merged: fc.boolean(),
          services: fc.constantFrom<string[]>([], ['cart'], ['mainframe']),
        })
        .map(incident),
    ),
  )
  .map(([deployments, incidents]) =>
    records({ deployments, incidents, isDeployed: ({ services }) => !services.includes('mainframe') }),
  );

it('is exactly what each number counts', () => {
  fc.assert(
    fc.property(everything, fc.constantFrom('cart', undefined), (all, service) => {
      const scope = { ...march, service };
      const figures = measure(narrow(all, scope), scope, calendarOf('UTC'));
      const counted = Object.fromEntries(
        numbers.map((number) => [
          number,
          evidence(number, all, scope, new Map()).exhibits.filter(({ counts }) => counts).length,
        ]),
      );
      expect(counted).toEqual({
        deployments: figures.deployments.count,
        change_failure_rate: figures.change_failure_rate.failed,
        incidents_per_deployment: figures.change_failure_rate.incidents,
        time_to_restore: figures.time_to_restore.count,
        failed_deployment_recovery_time: figures.failed_deployment_recovery_time.count,
        change_lead_time: figures.change_lead_time.count,
        rework_rate: figures.rework_rate.count,
        open_incidents: figures.open_incidents,
      });
    }),
  );
});

it('says of each deployment why it has no lead time', () => {
  const deployments = [
    deployment({ id: 'a', leadTimeSeconds: 60 }),
    deployment({ id: 'b', leadTimeReason: 'rollback' }),
    deployment({ id: 'c' }),
  ];
  const { exhibits } = evidence('change_lead_time', records({ deployments }), march, new Map());
  expect(exhibits.map(({ id, counts, seconds, reason }) => [id, counts, seconds, reason])).toEqual([
    ['a', true, 60, 'Its commits are known.'],
    ['b', false, undefined, 'A rollback has no commits of its own.'],
    ['c', false, undefined, 'Its commits are not known.'],
  ]);
});

it('has a reason for everything it shows', () => {
  const all = records({
    deployments: [deployment(), deployment({ status: 'failed' })],
    incidents: [incident(), incident({ merged: true })],
  });
  for (const number of numbers) {
    const { rule, exhibits } = evidence(number, all, march, new Map([]));
    expect(rule).toMatch(/\.$/);
    for (const { reason, kind } of exhibits) {
      if (kind === 'deployment' || number !== 'incidents_per_deployment') expect(reason).not.toBe('');
    }
  }
});
