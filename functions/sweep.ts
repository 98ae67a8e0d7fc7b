import type { LambdaContext } from '../lib/adapters/aws/lambda-runtime.ts';
import { createDetecting } from '../lib/adapters/destinations/datadog/detecting.ts';
import { createGitHosts } from '../lib/adapters/git-hosts/git-hosts.ts';
import { connectBriefly } from '../lib/adapters/pagerduty-api/connect.ts';
import { createSweep } from '../lib/flow/sweep/sweep.ts';
import { lambdaWorker } from './wiring/worker.ts';

/** Woken every minute by a schedule. */
const worker = lambdaWorker('sweep', import.meta.url);
const { git_hosts = [], pagerduty, destinations } = worker.config;
const sweep = createSweep({
  ...worker,
  gitHosts: createGitHosts(git_hosts, worker),
  detecting: createDetecting(destinations, worker),
  pagerDuty: connectBriefly(pagerduty, worker),
});

export async function handler(_event: unknown, context: LambdaContext) {
  return sweep(context.getRemainingTimeInMillis());
}
