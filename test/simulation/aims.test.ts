import { readArguments } from './arguments.ts';
import { bundleSimulation } from './bundle.ts';
import { runCampaign, seeds } from './campaign.ts';
import { aimedPlays, coverageGaps } from './coverage.ts';
import { replayCommand } from './report.ts';
import { pair } from './tally.ts';
import type { Aim } from './weather.ts';

/** Of the pairs of await and fault that were missed, one of so many is struck; `npm run test:campaigns` takes more. */
const every = Number(process.env['AIM_EVERY'] ?? 120);
/** Seeds in which little happens, where it shall be over soon. */
const looked = process.env['AIM_EVERY']
  ? [...seeds(1, 12)]
  : [3, 13, 43, 49, 53, 55].map((seed) => ({ seed }));

/** The words of a command as a shell gives them to a program. */
const words = (command: string) =>
  (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));

it.each<Aim | undefined>([
  undefined,
  { label: 'sweep GetItem events', fault: 'crash_before' },
  {
    label: 'forward Query events if incident_id = :id AND log_key > :after',
    fault: 'late_effect',
    occurrence: 7,
  },
  { label: 'sweep Scan destinations', fault: 'short_page', occurrence: 1 },
])('the command that replays a seed is understood: %j', (aim) => {
  const [, , , , ...options] = words(replayCommand(42, aim));
  expect(readArguments(options)).toEqual({
    from: 42,
    count: 1,
    workers: 1,
    trace: true,
    coverage: false,
    ...(aim && { aim }),
  });
});

it.each([
  'no fault',
  'sweep GetItem events | rain',
  'sweep GetItem events | throttle | 0',
  'a | throttle | 1 | 2',
])('an aim that is none is refused: %s', (aim) => {
  expect(() => readArguments(['--aim', aim])).toThrow(/--aim needs/);
});

it('a seed that is known to come by an await is struck there', async () => {
  const bundle = await bundleSimulation();
  const { tally } = await runCampaign({ bundle, plays: looked });
  const missed = coverageGaps(tally).filter(
    ({ label, fault }) => fault !== 'stale_index' && fault !== 'unprocessed' && tally.witnesses[label],
  );
  const some = missed.filter((_, at) => at % every === 0);
  expect(some.length).toBeGreaterThan(1);
  const aimed = await runCampaign({ bundle, plays: aimedPlays(some, tally, 0) });
  const stillMissed = some.filter(({ label, fault }) => !aimed.tally.faults[pair(label, fault)]);
  expect(stillMissed.filter(({ fault }) => fault !== 'short_page')).toEqual([]);
  expect(aimed.failed.map(({ seed, aim }) => replayCommand(seed, aim))).toEqual([]);
});
