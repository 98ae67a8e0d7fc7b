import { calendarOf } from '../../../lib/domain/metrics/calendar.ts';
import type { Records } from '../../../lib/domain/metrics/facts.ts';
import { measure } from '../../../lib/domain/metrics/measure.ts';
import { at, deployment, incident, march, records } from './records.ts';

const utc = calendarOf('UTC');
const of = (given: Partial<Records>, range = march) => measure(records(given), range, utc);
const several = <T>(times: number, make: (index: number) => T): T[] =>
  Array.from({ length: times }, (_, i) => make(i));

describe('change failure rate', () => {
  it('differs between its two readings where one deployment causes several incidents', () => {
    // 6 incidents on 4 of 23 deployments.
    const figures = of({
      deployments: several(23, (i) => deployment({ changeFailure: i < 4 })),
      incidents: several(6, () => incident()),
    }).change_failure_rate;
    expect(figures.incidents_per_deployment).toBeCloseTo(0.261, 3);
    expect(figures.failed_deployments).toBeCloseTo(0.174, 3);
    expect(figures).toMatchObject({ incidents: 6, failed: 4, deployments: 23, not_yet_judged: 0 });
  });

  it.each([
    ['no deployments', { incidents: [incident()] }, [null, null]],
    ['nothing at all', {}, [null, null]],
    ['deployments and no incident', { deployments: [deployment()] }, [0, 0]],
    [
      'more incidents than deployments',
      { deployments: [deployment()], incidents: [incident(), incident()] },
      [2, 0],
    ],
    [
      'a merged incident, which went on as another',
      { deployments: [deployment()], incidents: [incident({ merged: true })] },
      [0, 0],
    ],
    [
      'an incident that began before the range',
      { deployments: [deployment()], incidents: [incident({ startedAtMs: march.fromMs - 1 })] },
      [0, 0],
    ],
    [
      'an incident that begins with the end of the range',
      { deployments: [deployment()], incidents: [incident({ startedAtMs: march.toMs })] },
      [0, 0],
    ],
    [
      'an incident that is still open',
      { deployments: [deployment()], incidents: [incident({ finishedAtMs: undefined })] },
      [1, 0],
    ],
    [
      'a deployment that did not succeed',
      { deployments: [deployment({ status: 'failed', changeFailure: true })] },
      [null, null],
    ],
  ])('of %s', (_what, given, [incidents, failed]) => {
    const rate = of(given).change_failure_rate;
    expect([rate.incidents_per_deployment, rate.failed_deployments]).toEqual([incidents, failed]);
  });

  it('says why it does not exist, instead of 0', () => {
    expect(of({ incidents: [incident()] }).reasons).toMatchObject({
      'change_failure_rate.incidents_per_deployment': 'no deployments',
      'change_failure_rate.failed_deployments': 'no deployments',
    });
  });

  it('leaves incidents out whose services were never deployed as far as is known, and counts them beside', () => {
    const figures = of({
      deployments: [deployment()],
      incidents: [incident(), incident({ services: ['mainframe'] })],
      isDeployed: ({ services }) => !services.includes('mainframe'),
    }).change_failure_rate;
    expect(figures).toMatchObject({ incidents_per_deployment: 1, incidents: 1, not_counted_incidents: 1 });
  });

  it('keeps deployments that are not judged yet in the denominator and counts them', () => {
    const deployments = [deployment({ changeFailure: true }), deployment({ changeFailure: undefined })];
    expect(of({ deployments }).change_failure_rate).toMatchObject({
      failed_deployments: 0.5,
      not_yet_judged: 1,
    });
  });
});

describe('time to restore', () => {
  const restoredIn = (seconds: number | undefined) => incident({ timeToRestoreSeconds: seconds });

  it('has mean, interpolated quantiles and a histogram', () => {
    const incidents = [60, 300, 301, 3_600, 700_000].map(restoredIn);
    expect(of({ incidents }).time_to_restore).toEqual({
      count: 5,
      not_known: 0,
      mean_seconds: 704_261 / 5,
      median_seconds: 301,
      p75_seconds: 3_600,
      p90_seconds: expect.closeTo(421_440, 6),
      histogram: [
        { up_to_seconds: 300, count: 2 },
        { up_to_seconds: 900, count: 1 },
        { up_to_seconds: 3_600, count: 1 },
        { up_to_seconds: 14_400, count: 0 },
        { up_to_seconds: 86_400, count: 0 },
        { up_to_seconds: 604_800, count: 0 },
        { up_to_seconds: null, count: 1 },
      ],
    });
  });

  it('counts by the end, whenever it began', () => {
    const ended = incident({
      startedAtMs: march.fromMs - 9e9,
      finishedAtMs: at('02 00:00'),
      timeToRestoreSeconds: 5,
    });
    const begun = incident({ finishedAtMs: march.toMs });
    expect(of({ incidents: [ended, begun] }).time_to_restore).toMatchObject({ count: 1, median_seconds: 5 });
  });

  it.each([
    [
      'an open incident',
      incident({ finishedAtMs: undefined, timeToRestoreSeconds: undefined }),
      0,
      'no resolved incidents',
    ],
    ['a merged one', incident({ merged: true }), 0, 'no resolved incidents'],
    [
      'one whose times are inferred',
      restoredIn(undefined),
      1,
      'of no resolved incident it is known how long it took',
    ],
  ])('is not computed from %s', (_what, one, notKnown, reason) => {
    const figures = of({ incidents: [one] });
    expect(figures.time_to_restore).toMatchObject({ count: 0, not_known: notKnown, median_seconds: null });
    for (const name of ['mean_seconds', 'median_seconds', 'p75_seconds', 'p90_seconds']) {
      expect(figures.reasons[`time_to_restore.${name}`]).toBe(reason);
    }
  });

  it('of one incident is all of its quantiles, also when it took no time', () => {
    expect(of({ incidents: [restoredIn(0)] }).time_to_restore).toMatchObject({
      mean_seconds: 0,
      p90_seconds: 0,
      histogram: expect.arrayContaining([{ up_to_seconds: 300, count: 1 }]),
    });
  });
});

describe('recovery from failed deployments', () => {
  const failed = (given = {}) => deployment({ changeFailure: true, finishedAtMs: at('10 12:00'), ...given });

  it.each([
    [
      'to the deployment that made up for it',
      failed({ remediatedAtMs: at('10 12:30'), causedEndedAtMs: at('10 15:00') }),
      1_800,
    ],
    ['without one, to the end of the incidents', failed({ causedEndedAtMs: at('10 13:00') }), 3_600],
    ['of one that is not over', failed(), null],
    ['of one that did not fail', deployment({ remediatedAtMs: at('10 13:00') }), null],
    ['whose end lies before it', failed({ causedEndedAtMs: at('10 11:00') }), null],
  ])('is measured %s', (_what, one, seconds) => {
    expect(of({ deployments: [one] }).failed_deployment_recovery_time).toEqual({
      count: seconds === null ? 0 : 1,
      median_seconds: seconds,
    });
  });

  it.each([
    ['no failed deployments', [deployment()]],
    ['no failed deployment has been recovered from yet', [failed()]],
  ])('says "%s"', (reason, deployments) => {
    expect(of({ deployments }).reasons['failed_deployment_recovery_time.median_seconds']).toBe(reason);
  });
});

describe('throughput', () => {
  it('counts deployments by the day of their finish, each day once', () => {
    const deployments = ['02 00:00', '02 23:59', '04 12:00'].map((day) =>
      deployment({ finishedAtMs: at(day) }),
    );
    const failedOnes = [deployment({ status: 'failed', finishedAtMs: at('05 00:00') })];
    expect(of({ deployments: [...deployments, ...failedOnes] }).deployments).toEqual({
      count: 3,
      failed: 1,
      per_day: 0.1,
      days_with_deployments: 2,
    });
  });

  it('takes rollbacks and rollforwards for rework', () => {
    const kinds = ['standard', 'rollback', 'rollforward', undefined] as const;
    const deployments = kinds.map((kind) => deployment({ kind }));
    expect(of({ deployments }).rework_rate).toEqual({ count: 2, deployments: 4, rate: 0.5 });
  });

  it('has a lead time where commits are known, the median of those', () => {
    const deployments = [undefined, 100, 300].map((leadTimeSeconds) => deployment({ leadTimeSeconds }));
    expect(of({ deployments }).change_lead_time).toEqual({ count: 2, median_seconds: 200 });
  });

  it.each([
    ['no deployments', []],
    ['the commits of no deployment are known', [deployment()]],
    [
      'the commits of no deployment are known: no git host is configured for its repository (2 of 4)',
      (['no_commit', 'no_git_host', 'no_git_host', undefined] as const).map((leadTimeReason) =>
        deployment({ leadTimeReason }),
      ),
    ],
  ])('has no lead time where there are %s', (reason, deployments) => {
    expect(of({ deployments }).reasons['change_lead_time.median_seconds']).toBe(reason);
  });

  it('says that an empty range has no frequency', () => {
    const figures = of({}, { fromMs: march.fromMs, toMs: march.fromMs });
    expect(figures.deployments.per_day).toBeNull();
    expect(figures.reasons['deployments.per_day']).toBe('the range is empty');
  });
});

it('counts incidents that are open now and began before the end of the range', () => {
  const open = (startedAtMs: number) => incident({ startedAtMs, finishedAtMs: undefined });
  const incidents = [open(march.fromMs - 9e9), open(at('30 23:59')), open(march.toMs), incident()];
  expect(of({ incidents }).open_incidents).toBe(2);
});

describe('each kind of incident and deployment, in every formula', () => {
  const failed = (given = {}) => deployment({ changeFailure: true, finishedAtMs: at('10 12:30'), ...given });
  type Row = [
    what: string,
    given: Partial<Records>,
    /** Incidents by deployments, failed deployments by deployments, seconds to restore, recovery, open. */
    expected: [number | null, number | null, number | null, number | null, number],
  ];
  it.each<Row>([
    ['nothing', {}, [null, null, null, null, 0]],
    ['one deployment', { deployments: [deployment()] }, [0, 0, null, null, 0]],
    ['one incident', { incidents: [incident()] }, [null, null, 3_600, null, 0]],
    [
      'one of each, the one by the other',
      { deployments: [failed({ causedEndedAtMs: at('10 14:00') })], incidents: [incident()] },
      [1, 1, 3_600, 5_400, 0],
    ],
    [
      'reopened: what lies between its two times is no outage',
      {
        deployments: [failed({ causedEndedAtMs: at('10 20:00') })],
        incidents: [incident({ finishedAtMs: at('10 20:00'), timeToRestoreSeconds: 5_400 })],
      },
      [1, 1, 5_400, 27_000, 0],
    ],
    [
      'merged into another',
      {
        deployments: [failed()],
        incidents: [incident({ merged: true }), incident({ finishedAtMs: undefined })],
      },
      [1, 1, null, null, 1],
    ],
    [
      'moved: of the service where it is now, whose deployments are not known',
      {
        deployments: [deployment()],
        incidents: [incident({ services: ['mainframe'] })],
        isDeployed: ({ services }) => services.includes('checkout-api'),
      },
      [0, 0, 3_600, null, 0],
    ],
    [
      'inferred: its end is not known exactly',
      { deployments: [deployment()], incidents: [incident({ timeToRestoreSeconds: undefined })] },
      [1, 0, null, null, 0],
    ],
    [
      'of several services: one',
      { deployments: [deployment()], incidents: [incident({ services: ['cart', 'checkout-api'] })] },
      [1, 0, 3_600, null, 0],
    ],
    [
      'of a team only',
      { deployments: [deployment()], incidents: [incident({ services: [] })] },
      [1, 0, 3_600, null, 0],
    ],
    [
      'open',
      {
        deployments: [failed()],
        incidents: [incident({ finishedAtMs: undefined, timeToRestoreSeconds: undefined })],
      },
      [1, 1, null, null, 1],
    ],
    [
      'two that overlap, by one deployment: each has its time, the deployment one recovery',
      {
        deployments: [failed({ causedEndedAtMs: at('10 15:00') }), deployment()],
        incidents: [
          incident(),
          incident({
            startedAtMs: at('10 13:30'),
            finishedAtMs: at('10 15:00'),
            timeToRestoreSeconds: 5_400,
          }),
        ],
      },
      [1, 0.5, 4_500, 9_000, 0],
    ],
    [
      'a deployment that is not judged yet',
      { deployments: [deployment({ changeFailure: undefined })] },
      [0, 0, null, null, 0],
    ],
  ])('%s', (_what, given, expected) => {
    const figures = of(given);
    expect([
      figures.change_failure_rate.incidents_per_deployment,
      figures.change_failure_rate.failed_deployments,
      figures.time_to_restore.mean_seconds,
      figures.failed_deployment_recovery_time.median_seconds,
      figures.open_incidents,
    ]).toEqual(expected);
  });
});

it('has a reason for every number that does not exist, and for no other', () => {
  const paths = (value: unknown, path: string): string[] => {
    if (value === null) return [path];
    if (typeof value !== 'object' || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([key, each]) => paths(each, path === '' ? key : `${path}.${key}`));
  };
  for (const given of [
    {},
    { deployments: [deployment()] },
    { deployments: [deployment()], incidents: [incident()] },
  ]) {
    const { reasons, ...figures } = of(given);
    expect(Object.keys(reasons).sort()).toEqual(paths(figures, '').sort());
  }
});
