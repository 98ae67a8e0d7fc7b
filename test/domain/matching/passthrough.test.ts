import { decide } from '../../../lib/domain/matching/decide.ts';
import type { MatchInput } from '../../../lib/domain/matching/match.ts';
import { passthroughMatch } from '../../../lib/domain/matching/passthrough.ts';

it.each<[string, MatchInput, string[], string | undefined]>([
  [
    'the names as they are',
    { service: { id: 'P1', name: ' Checkout API ' }, teams: [{ id: 'T1', name: 'Payments' }] },
    ['Checkout API'],
    'Payments',
  ],
  [
    'the first of several teams',
    {
      service: { id: 'P1', name: 'x' },
      teams: [
        { id: 'T1', name: 'a' },
        { id: 'T2', name: 'b' },
      ],
    },
    ['x'],
    'a',
  ],
  ['ids where a name is missing', { service: { id: 'P1' }, teams: [{ id: 'T1', name: ' ' }] }, ['P1'], 'T1'],
  ['no team where there is none', { service: { id: 'P1', name: 'x' }, teams: [] }, ['x'], undefined],
])('passes through %s', (_, input, services, team) => {
  const unmatched = decide(input, []);
  const match = passthroughMatch(input, unmatched);
  expect(match).toEqual({
    rule: 'none',
    services,
    ...(team === undefined ? {} : { team }),
    explanation: expect.stringContaining('passthrough'),
    trace: unmatched.trace,
  });
  expect(passthroughMatch(input).trace).toEqual([]);
});
