import { systemRandom, waitingClock } from '../adapters/aws/lambda-runtime.ts';
import type { BridgeConfig } from '../adapters/config/bridge-config.ts';
import { readLocalSettings } from '../adapters/config/environment.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import type { PagerDutyApi } from '../adapters/pagerduty-api/api.ts';
import { connectPagerDuty } from '../adapters/pagerduty-api/connect.ts';
import { PagerDutyFault } from '../adapters/pagerduty-api/pagerduty-fault.ts';
import { failed, type Io } from './io.ts';
import { secretsOf } from './secrets.ts';
import type { TargetOptions } from './target.ts';

/** PagerDuty's API with the token of this shell, or else of the configuration. */
export function pagerDutyOf(
  config: BridgeConfig,
  options: TargetOptions,
  io: Io,
  how: { timeoutMs?: number; tries?: number; writes?: boolean } = {},
): PagerDutyApi {
  const { pagerDutyToken, pagerDutyApiUrl } = readLocalSettings(io.environment);
  return connectPagerDuty(config.pagerduty, {
    http: createNodeHttp({ allowLoopback: true }),
    secrets: secretsOf(options, io),
    clock: waitingClock,
    random: systemRandom,
    token: pagerDutyToken,
    apiUrl: pagerDutyApiUrl,
    ...how,
  });
}

/** What PagerDuty refuses or does not answer ends the command with exit code 1 and its own words. */
export async function askingPagerDuty<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PagerDutyFault) throw failed(`pagerduty_${error.code}`, `${error.message}.`);
    throw error;
  }
}
