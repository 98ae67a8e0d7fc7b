import fc from 'fast-check';
import { judge } from '../../../../lib/domain/deployment/versions/judge.ts';
import { see } from '../../../../lib/domain/deployment/versions/see.ts';
import {
  baseline,
  mostCandidates,
  type Tracking,
} from '../../../../lib/domain/deployment/versions/tracking.ts';
import { type Moment, moments } from './moments.ts';

const minute = 60_000;
const settleMs = 15 * minute;
const service = { service: 'checkout', env: 'prod', version: 'v0' };
const start = () => baseline(service, { version: 'v0', at: 0 });
const see1 = (tracking: Tracking, { version, at }: Moment) =>
  see(tracking, { version, at }, { settleMs, nowMs: at });
const seeAll = (all: readonly Moment[]) =>
  all.reduce<Tracking>((tracking, moment) => see1(tracking, moment).tracking, start());

describe('what is known of the versions of a service', () => {
  const effects: [string, Moment[], string][] = [
    ['the version that is there', [['v0', 5]], 'nothing'],
    ['a new one', [['v1', 5]], 'news'],
    [
      'a candidate within the settling time',
      [
        ['v1', 5],
        ['v1', 19],
      ],
      'nothing',
    ],
    [
      'a candidate after it',
      [
        ['v1', 5],
        ['v1', 20],
      ],
      'news',
    ],
    [
      'the older one within the settling time of a candidate',
      [
        ['v1', 5],
        ['v0', 19],
      ],
      'nothing',
    ],
    [
      'the older one after it',
      [
        ['v1', 5],
        ['v0', 21],
      ],
      'mark',
    ],
    [
      'the older one after it, again',
      [
        ['v1', 5],
        ['v0', 21],
        ['v0', 22],
      ],
      'nothing',
    ],
    [
      'the older one beside a deployed one',
      [
        ['v1', 5],
        ['v1', 20],
        ['v0', 21],
      ],
      'news',
    ],
    [
      'the newer one beside an older one',
      [
        ['v1', 5],
        ['v1', 20],
        ['v0', 21],
        ['v1', 22],
      ],
      'mark',
    ],
    [
      'an older one while the newer one is silent',
      [
        ['v1', 5],
        ['v1', 20],
        ['v0', 21],
        ['v0', 36],
      ],
      'news',
    ],
    [
      'an older one before that',
      [
        ['v1', 5],
        ['v1', 20],
        ['v0', 21],
        ['v0', 35],
      ],
      'nothing',
    ],
    [
      'an older one beside a deployed one, after the settling time of a candidate that is newer than both',
      [
        ['v1', 5],
        ['v1', 20],
        ['v2', 21],
        ['v0', 22],
        ['v0', 36],
      ],
      'mark',
    ],
    [
      'what is older than what is known',
      [
        ['v1', 5],
        ['v1', 20],
        ['v0', 19],
      ],
      'nothing',
    ],
  ].map(([what, all, effect]) => [what, (all as [string, number][]).map(toMoment), effect]) as never;
  it.each(effects)('%s', (_what, all, effect) => {
    const last = all.at(-1) as Moment;
    expect(see1(seeAll(all.slice(0, -1)), last).effect).toBe(effect);
  });

  it('does not change when the same is seen again', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const last = all.at(-1);
        if (!last) return;
        const tracking = seeAll(all);
        const again = see1(tracking, last);
        expect(['nothing', 'crowded']).toContain(again.effect);
        expect(again.tracking).toEqual(tracking);
      }),
    );
  });

  it('is bounded, has the version in force among it, and reports a version only after a sighting of it', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const tracking = judge(seeAll(all), 10_000 * minute, settleMs);
        const names = tracking.versions.map(({ version }) => version);
        expect(names).toContain(tracking.current);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(mostCandidates + 13);
        expect(tracking.versions.filter(({ standing }) => standing === 'candidate')).toEqual([]);
        for (const { version, started } of tracking.unreported) {
          const seen = all.filter((moment) => moment.version === version);
          expect(Math.min(...seen.map(({ at }) => at))).toBeLessThanOrEqual(started);
        }
      }),
    );
  });

  it('is judged at any time alike: when a candidate is found silent does not matter', () => {
    fc.assert(
      fc.property(moments, fc.array(fc.nat(600)), (all, times) => {
        const looks = times.map((time) => time * minute);
        const looked = all.reduce<Tracking>((tracking, moment) => {
          const before = looks.filter((time) => time <= moment.at).sort((a, b) => a - b);
          const judged = before.reduce((known, time) => judge(known, time, settleMs), tracking);
          return see1(judged, moment).tracking;
        }, start());
        expect(looked).toEqual(seeAll(all));
      }),
    );
  });
});

describe('two versions in the first export', () => {
  const both = (one: string, other: string, ...more: [string, number][]) => {
    const begun = baseline({ ...service, version: one }, { version: one, at: 0 });
    const all = [toMoment([other, 0]), ...more.map(toMoment)];
    const known = all.reduce<Tracking>((tracking, moment) => see1(tracking, moment).tracking, begun);
    return judge(known, 10_000 * minute, settleMs);
  };
  const every = (version: string, from: number, until: number) =>
    Array.from({ length: until - from }, (_, at): [string, number] => [version, from + at]);

  it.each([
    ['v0', 'v1'],
    ['v1', 'v0'],
  ])('%s and %s are no deployments, whichever goes on', (one, other) => {
    const { current, unreported } = both(one, other, ...every('v1', 1, 200));
    expect(current).toBe('v1');
    expect(unreported).toEqual([]);
  });

  it.each([
    ['v0', 'v1'],
    ['v1', 'v0'],
  ])('%s and %s: the one that comes back later is one', (one, other) => {
    const { current, unreported } = both(one, other, ...every('v1', 1, 200), ...every('v0', 200, 400));
    expect(current).toBe('v0');
    expect(unreported.map(({ version }) => version)).toEqual(['v0']);
  });
});

describe('telemetry that comes late', () => {
  const now = 5_000 * minute;
  const late = (all: readonly Moment[]) => {
    const [first, ...rest] = all as [Moment, ...Moment[]];
    const begun = baseline({ ...service, version: first.version }, first);
    return rest.reduce<Tracking>(
      (known, moment) => see(known, moment, { settleMs, nowMs: now }).tracking,
      begun,
    );
  };
  /** One version after the other, each seen now and then for an hour and a half. */
  const rollouts = fc
    .array(fc.uniqueArray(fc.nat(90), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    .map((all) => all.flatMap((times, at) => times.map((time) => toMoment([`v${at}`, at * 100 + time]))))
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

  it('shows the same deployments in whatever order it comes, and never one of what ran first', () => {
    fc.assert(
      fc.property(rollouts, ([all, shuffled]) => {
        const { current, unreported } = judge(late(shuffled), now + 2 * settleMs, settleMs);
        const versions = [...new Set(all.map(({ version }) => version))];
        expect(unreported.map(({ version }) => version).sort()).toEqual(versions.slice(1));
        expect(current).toBe(versions.at(-1));
        for (const { version, started } of unreported) expect(all).toContainEqual({ version, at: started });
      }),
    );
  });

  it('changes nothing when it comes again', () => {
    fc.assert(
      fc.property(rollouts, ([, shuffled]) => {
        const known = late(shuffled);
        const last = shuffled.at(-1) as Moment;
        expect(see(known, last, { settleMs, nowMs: now }).effect).toBe('nothing');
      }),
    );
  });
});

function toMoment([version, at]: [string, number]): Moment {
  return { version, at: at * minute };
}
