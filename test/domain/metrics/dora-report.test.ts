import * as fc from 'fast-check';
import { report } from '../../../lib/domain/metrics/dora-report.ts';
import type { MeasuredDeployment, MeasuredIncident } from '../../../lib/domain/metrics/facts.ts';
import { at, deployment, incident, march, records } from './records.ts';

describe('a report', () => {
  it('is narrowed by service, team and env regardless of case; an incident is of each of its services', () => {
    const given = records({
      deployments: [
        deployment(),
        deployment({ env: 'staging' }),
        deployment({ service: 'cart', team: 'shop' }),
      ],
      incidents: [incident({ services: ['Cart', 'checkout-api'] }), incident({ env: undefined })],
    });
    const count = (scope: object) => {
      const { change_failure_rate: rate } = report(given, { scope: { ...march, ...scope }, timeZone: 'UTC' });
      return [rate.deployments, rate.incidents];
    };
    expect(count({})).toEqual([3, 2]);
    expect(count({ service: 'CART' })).toEqual([1, 1]);
    expect(count({ env: 'PROD' })).toEqual([2, 1]);
    expect(count({ team: 'payments', env: 'prod' })).toEqual([1, 1]);
    expect(count({ service: 'nowhere' })).toEqual([0, 0]);
  });

  it('groups by service: an incident of several is in each row and once in the whole', () => {
    const given = records({
      deployments: [deployment(), deployment({ service: 'cart' }), deployment({ service: undefined })],
      incidents: [incident({ services: ['cart', 'checkout-api'] }), incident({ services: [] })],
    });
    const { groups = [], change_failure_rate } = report(given, {
      scope: march,
      by: 'service',
      timeZone: 'UTC',
    });
    expect(
      groups.map(({ key, change_failure_rate: rate }) => [key, rate.deployments, rate.incidents]),
    ).toEqual([
      ['cart', 1, 1],
      ['checkout-api', 1, 1],
      [null, 1, 1],
    ]);
    expect(change_failure_rate).toMatchObject({ deployments: 3, incidents: 2 });
  });

  it('shows of several services only the one that was asked for', () => {
    const given = records({ incidents: [incident({ services: ['cart', 'checkout-api'] })] });
    const { groups = [] } = report(given, {
      scope: { ...march, service: 'cart' },
      by: 'service',
      timeZone: 'UTC',
    });
    expect(groups.map(({ key }) => key)).toEqual(['cart']);
  });

  it('compares with the range of the same length before', () => {
    const given = records({
      deployments: [
        deployment({ finishedAtMs: march.fromMs - 1 }),
        deployment({ finishedAtMs: march.fromMs }),
      ],
    });
    const { deployments, previous } = report(given, { scope: march, compare: true, timeZone: 'UTC' });
    expect([deployments.count, previous?.deployments.count]).toEqual([1, 1]);
    expect(previous?.deployments.per_day).toBeCloseTo(1 / 30);
  });

  it('has weeks from Monday in the time zone asked for', () => {
    // Sunday 1 March, 23:30 in UTC is Monday in Berlin.
    const given = records({ deployments: [deployment({ finishedAtMs: at('01 23:30') })] });
    const weeks = (timeZone: string) =>
      report(given, { scope: { ...march, toMs: at('09 00:00') }, by: 'week', timeZone }).groups?.map(
        ({ key, deployments }) => [key, deployments.count],
      );
    expect(weeks('UTC')).toEqual([
      ['2026-02-23', 1],
      ['2026-03-02', 0],
    ]);
    expect(weeks('Europe/Berlin')).toEqual([
      ['2026-02-23', 0],
      ['2026-03-02', 1],
      ['2026-03-09', 0],
    ]);
  });

  it('counts the days of a week by what of it lies in the range, also when clocks change', () => {
    const scope = { fromMs: at('28 00:00'), toMs: at('31 22:00') };
    const given = records({ deployments: [deployment({ finishedAtMs: at('29 12:00') })] });
    const groups = report(given, { scope, by: 'month', timeZone: 'Europe/Berlin' }).groups;
    expect(groups?.map(({ key, deployments }) => [key, deployments.per_day])).toEqual([
      ['2026-03', 1 / (94 / 24)],
    ]);
  });

  it('refuses a time zone that does not exist', () => {
    expect(() => report(records(), { scope: march, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  });
});

const moments = fc.integer({ min: march.fromMs - 1e9, max: march.toMs + 1e9 });
const names = fc.constantFrom('a', 'b', 'B', 'c', undefined);
const someDeployments: fc.Arbitrary<MeasuredDeployment[]> = fc.array(
  fc
    .record({
      service: names,
      team: names,
      env: names,
      finishedAtMs: moments,
      changeFailure: fc.constantFrom(true, false, undefined),
      kind: fc.constantFrom('standard' as const, 'rollback' as const, 'rollforward' as const),
    })
    .map(deployment),
);
const someIncidents: fc.Arbitrary<MeasuredIncident[]> = fc.array(
  fc
    .record({
      services: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map((all) => [...new Set(all)]),
      team: names,
      startedAtMs: moments,
      finishedAtMs: fc.option(moments, { nil: undefined }),
    })
    .map(incident),
);

it('gives the same numbers in whatever order the records are', () => {
  fc.assert(
    fc.property(someDeployments, someIncidents, (deployments, incidents) => {
      const question = { scope: march, by: 'team', timeZone: 'UTC' } as const;
      const reversed = records({
        deployments: [...deployments].reverse(),
        incidents: [...incidents].reverse(),
      });
      expect(report(reversed, question)).toEqual(report(records({ deployments, incidents }), question));
    }),
  );
});

it.each(['team', 'env', 'week', 'month'] as const)('adds up: the groups by %s are the whole', (by) => {
  fc.assert(
    fc.property(someDeployments, someIncidents, (deployments, incidents) => {
      const whole = report(records({ deployments, incidents }), {
        scope: march,
        by,
        timeZone: 'America/New_York',
      });
      const sum = (of: (figures: (typeof whole.groups & object)[number]) => number) =>
        (whole.groups ?? []).reduce((total, group) => total + of(group), 0);
      expect(sum((group) => group.deployments.count)).toBe(whole.deployments.count);
      expect(sum((group) => group.change_failure_rate.failed)).toBe(whole.change_failure_rate.failed);
      expect(sum((group) => group.change_failure_rate.not_yet_judged)).toBe(
        whole.change_failure_rate.not_yet_judged,
      );
      expect(sum((group) => group.rework_rate.count)).toBe(whole.rework_rate.count);
      expect(sum((group) => group.change_failure_rate.incidents)).toBe(whole.change_failure_rate.incidents);
      expect(sum((group) => group.time_to_restore.count)).toBe(whole.time_to_restore.count);
    }),
  );
});
