import type { Suspect } from '../../../lib/domain/links/facts.ts';
import { remediationOf } from '../../../lib/domain/links/remediation.ts';

const at = (time: string): number => Date.parse(`2026-03-10T${time}:00Z`);
const deployed = (id: string, finish: string, given: Partial<Suspect> = {}): Suspect => ({
  id,
  service: 'checkout-api',
  env: 'prod',
  status: 'succeeded',
  startedAtMs: at(finish) - 60_000,
  finishedAtMs: at(finish),
  ...given,
});
const cause = deployed('bad', '12:00');
const outage = { startedAtMs: at('12:10'), finishedAtMs: at('13:00') };

describe('the deployment that made up for it', () => {
  it.each<[string, Suspect[], typeof outage | { startedAtMs: number }, string | undefined]>([
    [
      'is the first that was finished while it lasted',
      [deployed('b', '12:50'), deployed('a', '12:30')],
      outage,
      'a',
    ],
    ['may be told a little after its end', [deployed('a', '13:15')], outage, 'a'],
    ['is none that came later', [deployed('a', '13:16')], outage, undefined],
    ['is none that was finished before it began', [deployed('a', '12:10')], outage, undefined],
    ['may be any while it is open', [deployed('a', '20:00')], { startedAtMs: at('12:10') }, 'a'],
    ['is none that failed', [deployed('a', '12:30', { status: 'failed' })], outage, undefined],
    ['is none of another service', [deployed('a', '12:30', { service: 'cart' })], outage, undefined],
    ['is none of another environment', [deployed('a', '12:30', { env: 'staging' })], outage, undefined],
    [
      'is not the cause, which was still under way',
      [],
      { startedAtMs: at('11:59'), finishedAtMs: at('13:00') },
      undefined,
    ],
    [
      'comes after the cause',
      [deployed('a', '11:59')],
      { startedAtMs: at('11:58'), finishedAtMs: at('13:00') },
      undefined,
    ],
  ])('%s', (_what, others, incident, id) => {
    expect(remediationOf(cause, incident, [cause, ...others])?.id).toBe(id);
  });
});
