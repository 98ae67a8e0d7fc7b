import * as fc from 'fast-check';
import {
  type CountedIncident,
  judgeDeployments,
  type KnownDeployment,
} from '../../../lib/domain/metrics/judge-deployments.ts';
import { at } from './records.ts';

const hourMs = 3_600_000;
const settings = { windowMs: 24 * hourMs };
const later = at('20 00:00');

const deployed = (id: string, moment: string, given: Partial<KnownDeployment> = {}): KnownDeployment => ({
  id,
  service: 'checkout-api',
  team: 'payments',
  env: 'prod',
  status: 'succeeded',
  startedAtMs: at(moment) - 60_000,
  finishedAtMs: at(moment),
  kind: 'standard',
  changeFailure: undefined,
  remediationId: undefined,
  leadTimeSeconds: undefined,
  ...given,
});

function failure(id: string, from: string, to?: string, services = ['checkout-api']): CountedIncident {
  const facts = {
    services,
    team: 'payments',
    env: 'prod',
    startedAtMs: at(from),
    finishedAtMs: to === undefined ? undefined : at(to),
  };
  return { measured: { ...facts, id, merged: false }, suffering: facts };
}

const judged = (
  deployments: KnownDeployment[],
  incidents: CountedIncident[],
  nowMs = later,
): Record<string, unknown> =>
  Object.fromEntries(
    judgeDeployments(deployments, incidents, settings, nowMs).deployments.map((each) => [
      each.id,
      each.changeFailure,
    ]),
  );

describe('a deployment', () => {
  it.each<[string, KnownDeployment, CountedIncident[], number, boolean | undefined]>([
    [
      'failed if an incident is linked to it',
      deployed('d', '10 12:00'),
      [failure('i', '10 13:00')],
      later,
      true,
    ],
    ['did not once its window has passed', deployed('d', '10 12:00'), [], at('11 12:01'), false],
    ['is not judged before', deployed('d', '10 12:00'), [], at('11 12:00'), undefined],
    [
      'failed at once if an incident comes before that',
      deployed('d', '10 12:00'),
      [failure('i', '10 13:00')],
      at('10 13:01'),
      true,
    ],
    ['failed if somebody said so', deployed('d', '10 12:00', { changeFailure: true }), [], later, true],
    [
      'did not if somebody said so, whatever is linked',
      deployed('d', '10 12:00', { changeFailure: false }),
      [failure('i', '10 13:00')],
      later,
      false,
    ],
    [
      'is not blamed for what comes after its window',
      deployed('d', '10 12:00'),
      [failure('i', '11 12:01')],
      later,
      false,
    ],
  ])('%s', (_what, deployment, incidents, nowMs, expected) => {
    expect(judged([deployment], incidents, nowMs)).toEqual({ d: expected });
  });

  it('that is in progress can cause and is no deployment yet', () => {
    const running = deployed('d', '10 12:00', { status: 'in_progress', finishedAtMs: undefined });
    const { deployments, links } = judgeDeployments([running], [failure('i', '10 12:30')], settings, later);
    expect(deployments).toEqual([]);
    expect(links.get('i')?.deploymentId).toBe('d');
  });

  it('that made up for a failed one is a rollforward, unless it is a rollback; recovery is up to its finish', () => {
    const all = [deployed('bad', '10 12:00'), deployed('fix', '10 13:30'), deployed('more', '10 13:40')];
    const { deployments } = judgeDeployments(all, [failure('i', '10 13:00', '10 14:00')], settings, later);
    expect(deployments.map(({ id, kind }) => [id, kind])).toEqual([
      ['bad', 'standard'],
      ['fix', 'rollforward'],
      ['more', 'standard'],
    ]);
    expect(deployments[0]).toMatchObject({ remediatedAtMs: at('10 13:30'), causedEndedAtMs: at('10 14:00') });
    const back = [deployed('bad', '10 12:00'), deployed('fix', '10 13:30', { kind: 'rollback' })];
    const rolledBack = judgeDeployments(back, [failure('i', '10 13:00', '10 14:00')], settings, later);
    expect(rolledBack.deployments[1]?.kind).toBe('rollback');
  });

  it('has recovered with the last of its incidents, and not while one is open', () => {
    const of = (...incidents: CountedIncident[]) =>
      judgeDeployments([deployed('d', '10 12:00')], incidents, settings, later).deployments[0]
        ?.causedEndedAtMs;
    expect(of(failure('i', '10 13:00', '10 14:00'), failure('j', '10 13:10', '10 15:00'))).toBe(
      at('10 15:00'),
    );
    expect(of(failure('i', '10 13:00', '10 14:00'), failure('j', '10 13:10'))).toBeUndefined();
  });
});

const moments = ['10 09:00', '10 12:00', '10 13:00', '11 11:00', '11 13:00', '12 00:00'];
const someDeployments = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('d1', 'd2', 'd3', 'd4'),
      fc.constantFrom(...moments),
      fc.constantFrom('checkout-api', 'cart'),
    )
    .map(([id, moment, service]) => deployed(id, moment, { service })),
  { selector: ({ id }) => id },
);
const someIncidents = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('i1', 'i2', 'i3'),
      fc.constantFrom(...moments),
      fc.constantFrom<string[]>([], ['cart'], ['cart', 'checkout-api']),
    )
    .map(([id, moment, services]) => failure(id, moment, undefined, services)),
  { selector: ({ measured }) => measured.id },
);

it('judges and links the same in whatever order deployments and incidents come to be known', () => {
  fc.assert(
    fc.property(someDeployments, someIncidents, (deployments, incidents) => {
      const one = judgeDeployments(deployments, incidents, settings, later);
      const other = judgeDeployments([...deployments].reverse(), [...incidents].reverse(), settings, later);
      expect(new Map(other.links)).toEqual(new Map(one.links));
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      expect([...other.deployments].sort(byId)).toEqual([...one.deployments].sort(byId));
    }),
  );
});
