import { type CampaignResult, runCampaign } from './campaign.ts';
import { aimedPlays, coverageGaps, type Gap } from './coverage.ts';
import { addTally } from './tally.ts';

const rounds = 10;

/** Aims seeds at the pairs a campaign has missed and adds what they show to its result. Returns what is still missing. */
export async function coverFaults(
  bundle: string,
  result: CampaignResult,
  told: (failed: CampaignResult['failed'][number]) => void = () => {},
): Promise<Gap[]> {
  let gaps = coverageGaps(result.tally);
  for (let round = 0; round < rounds && gaps.length > 0; round += 1) {
    const plays = aimedPlays(gaps, result.tally, round);
    const aimed = await runCampaign({
      bundle,
      plays,
      progress: (_, found) => found.forEach(told),
    });
    addTally(result.tally, aimed.tally);
    result.failed.push(...aimed.failed);
    result.played += aimed.played;
    result.seconds += aimed.seconds;
    gaps = coverageGaps(result.tally);
  }
  return gaps;
}
