import fc from 'fast-check';
import { type Compared, judgeAmong } from '../../../lib/domain/deployment/compare.ts';
import { type Known, outdated, verdictText } from '../../../lib/domain/deployment/neighbourhood.ts';

const settleMs = 15 * 60_000;
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();
const commit = (digit: string) => digit.repeat(40);

function known(id: string, minute: number, facts: Partial<Compared> = {}): Compared {
  return {
    id,
    at: at(minute),
    finished_at: at(minute),
    status: 'succeeded',
    sources: ['dora_api'],
    received_at: at(minute + 1),
    ...facts,
  };
}

const kinds = (all: readonly Compared[]) =>
  Object.fromEntries(all.map(({ id }) => [id, judgeAmong(all, id, settleMs)?.kind]));

describe('the kind of a deployment', () => {
  const versions = (...names: string[]) =>
    names.map((version, index) => known(`d${index}`, index * 60, { version }));

  it.each([
    [['1', '2', '3', '1'], 'standard standard standard rollback'],
    [['1', '1'], 'standard standard'],
    [['1', '2', '2'], 'standard standard standard'],
    [['1', '2', '1', '2'], 'standard standard rollback rollback'],
  ])('of versions %s is %s', (names, expected) => {
    expect(Object.values(kinds(versions(...names))).join(' ')).toBe(expected);
  });

  it.each([
    ['is a rollback, if it was there before', { version: '1', ran_before: true }, 'rollback'],
    ['is none, if it is the version that is there', { version: '2', ran_before: true }, 'standard'],
    ['is none, if nobody says so', { version: '1' }, 'standard'],
  ])('of a version that nobody has deployed %s', (_what, facts, expected) => {
    const all = [known('a', 0, { version: '2' }), known('b', 60, facts)];
    expect(kinds(all)).toEqual({ a: 'standard', b: expected });
  });

  it('goes by the commit where there is one, whatever the version is called', () => {
    const all = [
      known('a', 0, { commit: commit('a'), version: '1' }),
      known('b', 60, { commit: commit('b'), version: '2' }),
      known('c', 120, { commit: commit('a').slice(0, 8), version: '3' }),
    ];
    expect(kinds(all)).toEqual({ a: 'standard', b: 'standard', c: 'rollback' });
  });

  it('is no rollback to what never ran, and one after a failed attempt is', () => {
    const failed = { status: 'failed' as const };
    const back = [
      known('a', 0, { version: '1' }),
      known('b', 60, { version: '2', ...failed }),
      known('c', 120, { version: '1' }),
    ];
    expect(kinds(back)['c']).toBe('rollback');
    const first = [
      known('a', 0, { version: '1', ...failed }),
      known('b', 60, { version: '2' }),
      known('c', 120, { version: '1' }),
    ];
    expect(kinds(first)['c']).toBe('standard');
  });

  it('is what the deployment it put right says of it, by id or by version', () => {
    const failed = (remediation: Compared['remediation']) => known('a', 0, { version: '1', remediation });
    const next = known('b', 60, { version: '2' });
    expect(kinds([failed({ id: 'b', type: 'rollforward' }), next])['b']).toBe('rollforward');
    expect(kinds([failed({ version: '2', type: 'rollforward' }), next])['b']).toBe('rollforward');
    expect(
      judgeAmong([failed({ version: '2', type: 'rollforward' }), next], 'a', settleMs)?.remediation_id,
    ).toBe('b');
    expect(kinds([failed({ version: '3', type: 'rollforward' }), next])['b']).toBe('standard');
  });
});

describe('two reports of one deployment', () => {
  const one = known('a', 0, { commit: commit('a') });
  const same = (facts: Partial<Compared>, minute = 5) =>
    judgeAmong(
      [one, known('b', minute, { commit: commit('a'), sources: ['github'], ...facts })],
      'b',
      settleMs,
    )?.same_as;

  it.each<[string, Partial<Compared>, number, string | undefined]>([
    ['the same commit', {}, 5, 'a'],
    ['the same commit, cut', { commit: commit('a').slice(0, 7) }, 5, 'a'],
    ['too little of a commit', { commit: 'aaaaaa' }, 5, undefined],
    ['the same commit, but later', {}, 16, undefined],
    ['the same commit, over later, but begun in time', { started_at: at(15) }, 40, 'a'],
    ['the same commit, begun too late', { started_at: at(16) }, 40, undefined],
    ['the same commit, begun before the other and over after it', { started_at: at(-20) }, 20, 'a'],
    ['another commit', { commit: commit('b') }, 5, undefined],
    ['nothing to tell it by', { commit: undefined }, 5, undefined],
    ['the same commit by the same source', { sources: ['dora_api'] }, 5, undefined],
    ['the same commit, in progress', { finished_at: undefined, status: 'in_progress' }, 5, undefined],
  ])('with %s', (_what, facts, minute, expected) => {
    expect(same(facts, minute)).toBe(expected);
  });

  it('are compared by version where one of them knows no commit', () => {
    const versioned = { ...one, version: '1' };
    const other = known('b', 5, { version: '1', sources: ['telemetry'] });
    expect(judgeAmong([versioned, other], 'b', settleMs)?.same_as).toBe('a');
  });

  it('share what only one of them knows, and name both sources', () => {
    const other = known('b', 5, {
      commit: commit('a'),
      version: '1',
      started_at: at(-5),
      sources: ['github'],
    });
    expect(judgeAmong([one, other], 'a', settleMs)).toMatchObject({
      filled: { version: '1', started_at: at(-5) },
      sources: ['dora_api', 'github'],
    });
  });

  it('are the one that was decided first, though the other was heard first', () => {
    const late = known('b', 5, { commit: commit('a'), sources: ['github'], received_at: at(-30) });
    expect(judgeAmong([one, late], 'a', settleMs)?.same_as).toBe('b');
    expect(judgeAmong([{ ...one, own: true }, late], 'b', settleMs)?.same_as).toBe('a');
  });

  it.each<[string, Partial<Compared>, Partial<Compared>, (string | undefined)[]]>([
    ['neither', {}, {}, [undefined, undefined]],
    ['the one that counted', { deleted: true, deleted_at: at(9) }, {}, [at(9), at(9)]],
    ['the other', {}, { deleted: true, deleted_at: at(9) }, [at(9), at(9)]],
    ['both', { deleted: true, deleted_at: at(9) }, { deleted: true, deleted_at: at(8) }, [at(8), at(8)]],
    // It is of another service or env by now.
    ['none, though one has left,', { deleted: true }, {}, [undefined, undefined]],
  ])('are taken back together, when %s is', (_what, mine, theirs, expected) => {
    const both = [
      { ...one, own: true, ...mine },
      known('b', 5, { commit: commit('a'), sources: ['github'], ...theirs }),
    ];
    const verdicts = ['a', 'b'].map((id) => judgeAmong(both, id, settleMs));
    expect(verdicts.map((verdict) => verdict?.deleted_at)).toEqual(expected);
  });

  it('that were taken back are nothing that another one could bring back', () => {
    const gone = { ...one, deleted: true, deleted_at: at(9) };
    const twin = known('b', 5, { commit: commit('a'), sources: ['github'] });
    const [next, last] = [known('c', 60, { commit: commit('b') }), known('d', 120, { commit: commit('a') })];
    expect(kinds([one, twin, next, last])['d']).toBe('rollback');
    expect(kinds([gone, twin, next, last])['d']).toBe('standard');
  });

  it('count once for what comes after', () => {
    const twin = known('b', 5, { commit: commit('a'), sources: ['github'] });
    const next = known('c', 60, { commit: commit('a') });
    expect(kinds([one, twin, next])['c']).toBe('standard');
  });
});

describe('the verdicts', () => {
  const arbitrary = (index: number): fc.Arbitrary<Compared> =>
    fc
      .record({
        minute: fc.integer({ min: 0, max: 60 }),
        commit: fc.option(fc.constantFrom(commit('a'), commit('b')), { nil: undefined }),
        version: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
        sources: fc.subarray(['dora_api', 'github', 'telemetry'], { minLength: 1, maxLength: 2 }),
        status: fc.constantFrom('succeeded' as const, 'failed' as const),
        deleted: fc.constantFrom(undefined, undefined, undefined, true),
        heard: fc.integer({ min: 0, max: 100 }),
      })
      .map(({ minute, heard, ...facts }) => known(`d${index}`, minute, { ...facts, received_at: at(heard) }));
  const several = fc
    .integer({ min: 1, max: 8 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => arbitrary(index))));

  it('are the same in whatever order the deployments are given', () => {
    const turned = several.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    );
    fc.assert(
      fc.property(turned, ([all, shuffled]) => {
        for (const { id } of all)
          expect(judgeAmong(shuffled, id, settleMs)).toEqual(judgeAmong(all, id, settleMs));
      }),
    );
  });

  it('count each deployment once: whatever is the same as another is the same as one that counts', () => {
    fc.assert(
      fc.property(several, (all) => {
        for (const { id, deleted } of all) {
          const first = judgeAmong(all, id, settleMs)?.same_as;
          if (deleted || first === undefined) continue;
          expect(judgeAmong(all, first, settleMs)?.same_as).toBeUndefined();
        }
      }),
    );
  });

  it('come to be the same in whatever order the deployments come, if those that are outdated are judged again', () => {
    const order = several.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    );
    fc.assert(
      fc.property(order, ([all, arrival]) => {
        const settled = settle(arrival);
        const groups = (state: Map<string, Known>) => partition([...state.values()]);
        expect(groups(settled)).toEqual(groups(settle(all)));
      }),
    );
  });
});

/** Judges each as it comes, and again those it makes outdated, as the bridge does. */
function settle(arrival: readonly Compared[]): Map<string, Known> {
  const state = new Map<string, Known>();
  const queue: Compared[] = [];
  for (const next of arrival) {
    queue.push(next);
    for (let turn = 0; queue.length > 0; turn++) {
      if (turn > 200) throw new Error('judging does not come to an end');
      const one = queue.shift() as Compared;
      state.set(one.id, { ...one, own: state.get(one.id)?.own });
      const verdict = judgeAmong([...state.values()], one.id, settleMs);
      const own = !one.deleted && verdict?.same_as === undefined ? true : undefined;
      state.set(one.id, { ...one, own, verdict: verdictText(verdict) });
      const others = outdated([...state.values()], one.id, settleMs);
      queue.push(...others.map((id) => state.get(id) as Compared));
    }
  }
  return state;
}

/** Who is the same as whom, and of which kind, whichever of them counts. */
function partition(all: readonly Known[]) {
  const groups = new Map<string, { ids: string[]; kind: string | undefined }>();
  for (const { id, deleted } of all) {
    const verdict = judgeAmong(all, id, settleMs);
    const key = deleted ? `deleted ${id}` : (verdict?.same_as ?? id);
    const group = groups.get(key) ?? { ids: [], kind: verdict?.kind };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, kind }) => `${ids.sort().join('=')} ${kind}`).sort();
}
