import { readArguments, usage } from './arguments.ts';
import { bundleSimulation } from './bundle.ts';
import { type CampaignResult, runCampaign, seeds } from './campaign.ts';
import { coverFaults } from './cover-faults.ts';
import { failedLine, failedSeeds, replayCommand, summary } from './report.ts';

/** `npm run simulate`: plays seeds, says what came of them, exits 1 if a promise was broken. */
async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  const bundle = await bundleSimulation();
  const { from, count, aim, trace } = options;
  const started = Date.now();
  let shown = started;
  let failed = 0;
  const plays =
    aim || trace
      ? [...seeds(from, count)].map((play) => ({ ...play, aim, traced: trace }))
      : seeds(from, count);
  const result = await runCampaign({
    bundle,
    plays,
    ...(options.workers && { workers: options.workers }),
    progress: (done, found) => {
      if (!trace) for (const one of found) console.error(failedLine(one));
      failed += found.length;
      if (Date.now() - shown < 10_000) return;
      shown = Date.now();
      const rate = (done / ((Date.now() - started) / 1000)).toFixed(1);
      console.error(`${done} of ${count} seeds, ${rate} a second, ${failed} with violations`);
    },
  });
  const tell = (one: CampaignResult['failed'][number]) => console.error(failedLine(one));
  const gaps = options.coverage && !aim ? await coverFaults(bundle, result, tell) : [];
  console.log(summary(result, gaps, { from, count }));
  console.log(failedSeeds(trace ? result.failed : await withTraces(bundle, result.failed), trace));
  return result.failed.some(({ violations }) => violations.length > 0) || gaps.length > 0 ? 1 : 0;
}

/** A few of the failing seeds again, with what happened. */
async function withTraces(
  bundle: string,
  failed: CampaignResult['failed'],
): Promise<CampaignResult['failed']> {
  const plays = failed.slice(0, 3).map(({ seed, aim }) => ({ seed, aim, traced: true }));
  const again = plays.length > 0 ? await runCampaign({ bundle, plays }) : undefined;
  return failed.map((one) => {
    const command = replayCommand(one.seed, one.aim);
    const traced = again?.failed.find(({ seed, aim }) => replayCommand(seed, aim) === command);
    return traced ? { ...one, trace: traced.trace } : one;
  });
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
