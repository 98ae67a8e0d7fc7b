/**
 * `npm run bench`: prints each figure beside its aim, and with `--json` one JSON object instead. `--only ID` runs one.
 * A missed aim is reported, not an error: figures of a busy machine are no reason to fail a build.
 */
import type { Bench } from './bench.ts';
import { bundleVariants } from './bundle-variants.ts';
import { draining } from './draining.ts';
import { firstRequest } from './first-request.ts';
import { ingestCost } from './ingest-cost.ts';
import { loadTime } from './load-time.ts';
import { runBenches } from './run-benches.ts';
import {
  catalogSize,
  deploymentUnits,
  hangingDestination,
  longIncident,
  receiveCpu,
  writeUnits,
} from './running-costs.ts';
import { telemetry } from './telemetry.ts';

const benches: Bench[] = [
  loadTime,
  firstRequest,
  receiveCpu,
  writeUnits,
  ingestCost,
  deploymentUnits,
  catalogSize,
  longIncident,
  hangingDestination,
  draining,
  telemetry,
  bundleVariants,
];

await runBenches(benches);
