import fc from 'fast-check';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { foldDeployment } from '../../../lib/domain/deployment/fold-deployment.ts';
import { type Entry, readEntry } from '../../../lib/domain/deployment/read-entries.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 2, 2, 10, 0, second)).toISOString();

const reported = (second: number, facts: Partial<DeploymentReport>): Entry => ({
  kind: 'reported',
  eventId: `r${second}`,
  receivedAt: at(second),
  report: { source: 'dora_api', service: 'shop', status: 'succeeded', custom_tags: [], ...facts },
});

const arbitraryEntry = (index: number): fc.Arbitrary<Entry> => {
  const base = fc.record({
    eventId: fc.constant(`e${index}`),
    receivedAt: fc.integer({ min: 0, max: 5 }).map(at),
  });
  const text = fc.option(fc.constantFrom('a', 'b'), { nil: undefined });
  const report = fc.record({
    source: fc.constantFrom('dora_api', 'github'),
    version: text,
    status: fc.constantFrom('succeeded' as const, 'failed' as const, 'in_progress' as const),
    started_at: fc.option(fc.constantFrom(at(1), at(2)), { nil: undefined }),
    finished_at: fc.option(fc.constantFrom(at(3), at(4)), { nil: undefined }),
    custom_tags: fc.subarray(['x:1', 'y:2']),
  });
  const patch = fc.record({
    source: fc.constant('dora_api'),
    change_failure: fc.option(fc.boolean(), { nil: undefined }),
  });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(base, report).map(([b, r]): Entry => ({ ...b, kind: 'reported', report: r })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(base, patch).map(([b, p]): Entry => ({ ...b, kind: 'patched', patch: p })),
    },
    { weight: 1, arbitrary: base.map((b): Entry => ({ ...b, kind: 'deleted' })) },
  );
};
const arbitraryLog = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => arbitraryEntry(index))));

describe('what a log says of a deployment', () => {
  it('is the same in whatever order, and however often, its events are read', () => {
    const shuffled = arbitraryLog.chain((log) =>
      fc.tuple(
        fc.constant(log),
        fc.shuffledSubarray([...log], { minLength: log.length }),
        fc.subarray([...log]),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([log, turned, again]) => {
        expect(foldDeployment([...turned, ...again])).toEqual(foldDeployment(log));
      }),
    );
  });

  it('never loses a start or an end that was told, and is not taken for running once it is over', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const told = foldDeployment(log);
        const reports = log.flatMap((entry) => (entry.kind === 'reported' ? [entry.report] : []));
        expect(told === undefined).toBe(reports.length === 0);
        const any = (name: 'started_at' | 'finished_at') =>
          reports.some((report) => report[name] !== undefined);
        expect(told?.started_at !== undefined).toBe(any('started_at'));
        expect(told?.finished_at !== undefined).toBe(any('finished_at'));
        expect(told && told.status !== 'in_progress').toBe(
          told && reports.some(({ status }) => status !== 'in_progress'),
        );
      }),
    );
  });

  it('is, of facts told twice, what was received last', () => {
    const told = foldDeployment([
      reported(3, { version: '2', team: undefined }),
      reported(1, { version: '1', team: 'shopping', custom_tags: ['a:b'] }),
      reported(2, { source: 'github', status: 'failed' }),
    ]);
    expect(told).toMatchObject({
      version: '2',
      team: 'shopping',
      status: 'succeeded',
      custom_tags: ['a:b'],
      sources: ['dora_api', 'github'],
      first_received_at: at(1),
    });
  });

  it('has a verdict until another takes it back, and is deleted for good', () => {
    const patched = (second: number, patch: object): Entry => ({
      kind: 'patched',
      eventId: `p${second}`,
      receivedAt: at(second),
      patch: { source: 'dora_api', ...patch },
    });
    const failed = patched(1, { change_failure: true, remediation: { id: 'x', type: 'rollback' } });
    expect(foldDeployment([failed, reported(2, {})])).toMatchObject({
      change_failure: true,
      remediation: { id: 'x' },
    });
    const stable = foldDeployment([failed, reported(2, {}), patched(3, { change_failure: false })]);
    expect(stable).toMatchObject({ change_failure: false, remediation: undefined });
    const gone: Entry = { kind: 'deleted', eventId: 'd', receivedAt: at(4) };
    expect(foldDeployment([reported(2, {}), gone, reported(5, { version: '9' })])?.deleted_at).toBe(at(4));
  });

  it('goes on from what a row still knows, where the beginning of the log has expired', () => {
    const whole = [reported(1, { version: '1', finished_at: at(0) }), reported(2, { team: 'shopping' })];
    const before = foldDeployment(whole.slice(0, 1));
    expect(foldDeployment(whole.slice(1), before)).toEqual(foldDeployment(whole));
  });
});

describe('a row of the log', () => {
  const row = (eventType: string, body: string) =>
    readEntry({ eventId: 'e', eventType, receivedAt: at(0), body });

  it.each([
    ['deployment.reported', '{"source":"x","status":"succeeded","new_key":1}', 'reported'],
    ['deployment.reported', '{"source":"x","status":"half"}', undefined],
    ['deployment.reported', 'no JSON', undefined],
    ['deployment.patched', '{"source":"x","change_failure":true}', 'patched'],
    ['deployment.patched', '[]', undefined],
    ['deployment.deleted', '{}', 'deleted'],
    ['deployment.linked', '{}', undefined],
  ])('of type %s with the body %s is read as %s', (type, body, kind) => {
    expect(row(type, body)?.kind).toBe(kind);
  });
});
