import * as fc from 'fast-check';
import type { Suffering, Suspect } from '../../../lib/domain/links/facts.ts';
import { link } from '../../../lib/domain/links/link.ts';

const hourMs = 3_600_000;
const day = { windowMs: 24 * hourMs };
/** A moment of 10 March 2026, UTC: `at('12:00')` or `at('12:00:01')`; `-1 12:00` is the day before. */
function at(moment: string): number {
  const [, days = '0', time = ''] = /^(?:(-?\d+) )?([\d:]+)$/.exec(moment) ?? [];
  return Date.parse(`2026-03-10T${time.length === 5 ? `${time}:00` : time}Z`) + Number(days) * 24 * hourMs;
}

const incident = (given: Partial<Suffering> = {}): Suffering => ({
  services: ['checkout-api'],
  team: 'payments',
  env: 'prod',
  startedAtMs: at('12:00'),
  ...given,
});

/** Ten minutes of deployment of checkout-api to prod, finished then. */
const finished = (id: string, moment: string, given: Partial<Suspect> = {}): Suspect => ({
  id,
  service: 'checkout-api',
  team: 'payments',
  env: 'prod',
  status: 'succeeded',
  startedAtMs: at(moment) - hourMs / 6,
  finishedAtMs: at(moment),
  ...given,
});
const running = (id: string, moment: string, given: Partial<Suspect> = {}): Suspect =>
  finished(id, moment, { status: 'in_progress', startedAtMs: at(moment), finishedAtMs: undefined, ...given });

const sha = '66adc9350f2cc9b250b69abddab733dd55e1a588';

describe('the deployment that caused an incident', () => {
  const rows: [
    what: string,
    incident: Suffering,
    suspects: Suspect[],
    rule: string,
    id: string | undefined,
    settings?: object,
  ][] = [
    ['nothing was deployed', incident(), [], 'none', undefined],
    // By time
    ['one was finished before it', incident(), [finished('d1', '11:00')], 'time', 'd1'],
    ['of two it is the newest', incident(), [finished('d1', '10:00'), finished('d2', '11:00')], 'time', 'd2'],
    [
      '… in whatever order they are told',
      incident(),
      [finished('d2', '11:00'), finished('d1', '10:00')],
      'time',
      'd2',
    ],
    ['finished the window before it', incident(), [finished('d1', '-1 12:00')], 'time', 'd1'],
    ['finished a second longer ago', incident(), [finished('d1', '-1 11:59:59')], 'none', undefined],
    ['finished in the second it began', incident(), [finished('d1', '12:00')], 'time', 'd1'],
    ['began in the second it began', incident(), [running('d1', '12:00')], 'time', 'd1'],
    ['began a second later', incident(), [running('d1', '12:00:01')], 'none', undefined],
    ['runs while it begins, told as running', incident(), [running('d1', '11:50')], 'time', 'd1'],
    ['runs while it begins, told as finished since', incident(), [finished('d1', '12:05')], 'time', 'd1'],
    [
      'runs, and an older one was finished',
      incident(),
      [finished('d1', '11:00'), running('d2', '11:59')],
      'time',
      'd2',
    ],
    [
      'never told to be finished, begun two days ago',
      incident(),
      [running('d1', '-2 12:00')],
      'none',
      undefined,
    ],
    [
      'only its finish was told',
      incident(),
      [finished('d1', '11:00', { startedAtMs: undefined })],
      'time',
      'd1',
    ],
    [
      'only its finish was told, after the beginning',
      incident(),
      [finished('d1', '12:01', { startedAtMs: undefined })],
      'none',
      undefined,
    ],
    ['it failed', incident(), [finished('d1', '11:00', { status: 'failed' })], 'none', undefined],
    [
      'the newest failed, the one before holds',
      incident(),
      [finished('d1', '10:00'), finished('d2', '11:00', { status: 'failed' })],
      'time',
      'd1',
    ],
    [
      'overlapping ones: the one that began last',
      incident(),
      [
        finished('d1', '11:59', { startedAtMs: at('09:00') }),
        finished('d2', '11:00', { startedAtMs: at('10:00') }),
      ],
      'time',
      'd2',
    ],
    [
      'begun together: the one that was finished last',
      incident(),
      [
        finished('d1', '11:00', { startedAtMs: at('10:00') }),
        finished('d2', '11:30', { startedAtMs: at('10:00') }),
      ],
      'time',
      'd2',
    ],
    [
      'a rollback that began after it',
      incident(),
      [finished('d1', '11:00'), finished('d2', '12:30')],
      'time',
      'd1',
    ],
    ['of another service', incident(), [finished('d1', '11:00', { service: 'cart' })], 'none', undefined],
    ['of another environment', incident(), [finished('d1', '11:00', { env: 'staging' })], 'none', undefined],
    [
      'of no environment, the incident of one',
      incident(),
      [finished('d1', '11:00', { env: undefined })],
      'none',
      undefined,
    ],
    [
      'neither has an environment',
      incident({ env: undefined }),
      [finished('d1', '11:00', { env: undefined })],
      'time',
      'd1',
    ],
    [
      'names are spelt otherwise',
      incident({ services: ['Checkout-API'], env: 'PROD' }),
      [finished('d1', '11:00')],
      'time',
      'd1',
    ],
    [
      'of one of its services',
      incident({ services: ['cart', 'checkout-api'] }),
      [finished('d1', '11:00')],
      'time',
      'd1',
    ],
    [
      'of two of its services: the newest',
      incident({ services: ['cart', 'checkout-api'] }),
      [finished('d1', '11:00'), finished('d2', '11:30', { service: 'cart' })],
      'time',
      'd2',
    ],
    [
      'it has a team only: of its team',
      incident({ services: [] }),
      [finished('d1', '11:00'), finished('d2', '11:30', { team: 'search' })],
      'time',
      'd1',
    ],
    [
      'it has a team only, and none of its team was deployed',
      incident({ services: [] }),
      [finished('d1', '11:00', { team: undefined })],
      'none',
      undefined,
    ],
    [
      'of its team, but another service than the one it has',
      incident(),
      [finished('d1', '11:00', { service: 'cart' })],
      'none',
      undefined,
    ],
    [
      'the window is an hour',
      incident(),
      [finished('d1', '10:59:59')],
      'none',
      undefined,
      { windowMs: hourMs },
    ],
    ['linking by time is off', incident(), [finished('d1', '11:59')], 'none', undefined, { windowMs: 0 }],
    // By name
    [
      'it names the commit of an older one',
      incident({ commitSha: sha }),
      [finished('d1', '-9 11:00', { commitSha: sha }), finished('d2', '11:00')],
      'commit',
      'd1',
    ],
    [
      'it names the commit by its short form',
      incident({ commitSha: '66ADC93' }),
      [finished('d1', '11:00', { commitSha: sha })],
      'commit',
      'd1',
    ],
    [
      'a form too short to tell',
      incident({ commitSha: '66adc9' }),
      [finished('d1', '-9 11:00', { commitSha: sha })],
      'none',
      undefined,
    ],
    [
      'it names a commit that nobody deployed',
      incident({ commitSha: 'f'.repeat(40) }),
      [finished('d1', '11:00', { commitSha: sha })],
      'time',
      'd1',
    ],
    [
      'it names a commit of another service',
      incident({ commitSha: sha }),
      [finished('d1', '-9 11:00', { commitSha: sha, service: 'cart' })],
      'none',
      undefined,
    ],
    [
      'it names the version',
      incident({ version: '1.4.0' }),
      [finished('d1', '10:00', { version: '1.4.0' }), finished('d2', '11:00', { version: '1.5.0' })],
      'version',
      'd1',
    ],
    [
      'of a version deployed twice: the newest',
      incident({ version: '1.4.0' }),
      [finished('d1', '09:00', { version: '1.4.0' }), finished('d2', '10:00', { version: '1.4.0' })],
      'version',
      'd2',
    ],
    [
      'commit goes before version',
      incident({ version: '1.4.0', commitSha: sha }),
      [finished('d1', '10:00', { version: '1.4.0' }), finished('d2', '09:00', { commitSha: sha })],
      'commit',
      'd2',
    ],
    [
      'it names the deployment, of another service',
      incident({ deploymentId: 'd1' }),
      [finished('d1', '-9 10:00', { service: 'cart' }), finished('d2', '11:00')],
      'deployment_id',
      'd1',
    ],
    [
      'it names a deployment that is not known',
      incident({ deploymentId: 'd9' }),
      [finished('d2', '11:00')],
      'time',
      'd2',
    ],
    [
      'names hold when linking by time is off',
      incident({ version: '1.4.0' }),
      [finished('d1', '11:00', { version: '1.4.0' })],
      'version',
      'd1',
      { windowMs: 0 },
    ],
    // By a person, and merged
    [
      'a person said which',
      incident({ person: { deploymentId: 'd1' }, commitSha: sha }),
      [finished('d2', '11:00', { commitSha: sha })],
      'person',
      'd1',
    ],
    [
      'a person said that it was none',
      incident({ person: { deploymentId: null } }),
      [finished('d2', '11:00')],
      'person',
      undefined,
    ],
    [
      'it went on as another incident',
      incident({ mergedInto: 'Q2' }),
      [finished('d1', '11:00')],
      'none',
      undefined,
    ],
    [
      'it went on as another, but a person said which',
      incident({ mergedInto: 'Q2', person: { deploymentId: 'd1' } }),
      [],
      'person',
      'd1',
    ],
  ];

  it.each(rows)('%s', (_what, suffering, suspects, rule, id, settings = day) => {
    const found = link(suffering, suspects, settings as typeof day);
    expect([found.rule, found.deploymentId]).toEqual([rule, id]);
    expect(found.explanation).toMatch(/^\S.*\.$/);
  });

  it('comes with what every rule said until one decided', () => {
    const { trace, explanation } = link(
      incident({ version: '9' }),
      [finished('d1', '10:35', { version: '8' })],
      day,
    );
    expect(trace.map(({ rule, decided }) => [rule, decided])).toEqual([
      ['person', false],
      ['commit', false],
      ['version', false],
      ['deployment_id', false],
      ['time', true],
    ]);
    expect(explanation).toBe(
      'Deployment d1 of version 8 was finished 1 h 25 min before the incident began; it is the newest within 24 h.',
    );
  });

  it('names the person and the note', () => {
    const said = { deploymentId: null, who: 'ada', note: 'cloud outage' };
    expect(link(incident({ person: said }), [], day).explanation).toBe(
      'ada said that no deployment caused it: cloud outage.',
    );
  });
});

const moments = fc.integer({ min: at('-2 00:00'), max: at('1 00:00') });
const suspects: fc.Arbitrary<Suspect[]> = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    service: fc.constantFrom('checkout-api', 'cart', undefined),
    env: fc.constantFrom('prod', 'Prod', 'staging', undefined),
    status: fc.constantFrom('succeeded', 'failed', 'in_progress'),
    startedAtMs: fc.option(moments, { nil: undefined }),
    finishedAtMs: fc.option(moments, { nil: undefined }),
    version: fc.constantFrom('1', '2', undefined),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);

it('finds the same cause in whatever order deployments are told', () => {
  fc.assert(
    fc.property(suspects, moments, fc.constantFrom('1', undefined), (all, startedAtMs, version) => {
      const suffering = incident({ startedAtMs, version });
      expect(link(suffering, [...all].reverse(), day)).toEqual(link(suffering, all, day));
    }),
  );
});

it('blames for its time only what began before, in the same environment, within the window', () => {
  fc.assert(
    fc.property(suspects, moments, (all, startedAtMs) => {
      const found = link(incident({ startedAtMs }), all, day);
      const cause = all.find(({ id }) => id === found.deploymentId);
      if (!cause) return;
      expect(cause.env?.toLowerCase()).toBe('prod');
      expect(cause.startedAtMs ?? cause.finishedAtMs).toBeLessThanOrEqual(startedAtMs);
      expect(startedAtMs - (cause.finishedAtMs ?? cause.startedAtMs ?? 0)).toBeLessThanOrEqual(day.windowMs);
    }),
  );
});
