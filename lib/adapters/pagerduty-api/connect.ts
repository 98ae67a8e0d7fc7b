import type { Clock, Http, Random, Secrets } from '../../ports.ts';
import type { PagerDutyConfig } from '../config-values/pagerduty.ts';
import { createPagerDutyApi, type PagerDutyApi } from './api.ts';
import { appCredentials, type Credentials, readSecret, tokenCredentials } from './credentials.ts';
import { PagerDutyFault } from './pagerduty-fault.ts';

export interface Connection {
  http: Http;
  secrets: Secrets;
  clock: Clock;
  random: Pick<Random, 'unit'>;
  /** Goes before what is configured. */
  token?: string | undefined;
  /** Another address than PagerDuty's, for tests. */
  apiUrl?: string | undefined;
  timeoutMs?: number;
  tries?: number;
  /** Something is to be changed. */
  writes?: boolean;
}

/** Which account, and by what one gets in. */
export type AccountAccess = Pick<PagerDutyConfig, 'region' | 'token' | 'write_token' | 'oauth'>;

const hosts = { us: 'https://api.pagerduty.com', eu: 'https://api.eu.pagerduty.com' };

const reading =
  'set PAGERDUTY_TOKEN, or pagerduty.token in the configuration. A read-only REST API key will do.';
const writing =
  'set PAGERDUTY_TOKEN, or pagerduty.write_token in the configuration, to a REST API key that may write.';

/** The API of the configured account. Throws `PagerDutyFault` where nothing says with which token. */
export function connectPagerDuty(config: AccountAccess | undefined, connection: Connection): PagerDutyApi {
  const region = config?.region ?? 'us';
  const { apiUrl, http, clock, random, timeoutMs, tries } = connection;
  return createPagerDutyApi({
    http,
    clock,
    random,
    credentials: credentialsOf(config, region, connection),
    baseUrl: apiUrl?.replace(/\/+$/, '') ?? hosts[region],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(tries === undefined ? {} : { tries }),
  });
}

/** A question within something that must not wait for it: one attempt. Undefined where there is no key. */
export function connectBriefly(
  config: AccountAccess | undefined,
  connection: Connection,
): PagerDutyApi | undefined {
  if (config === undefined || (connection.token ?? config.token ?? config.oauth) === undefined)
    return undefined;
  return connectPagerDuty(config, { ...connection, timeoutMs: 5_000, tries: 1 });
}

function credentialsOf(
  config: AccountAccess | undefined,
  region: PagerDutyConfig['region'],
  connection: Connection,
): Credentials {
  const { token: given, secrets, apiUrl, writes = false } = connection;
  const { token, write_token, oauth } = config ?? {};
  if (given !== undefined) return tokenCredentials(async () => given);
  if (writes && write_token !== undefined) return tokenCredentials(() => readSecret(secrets, write_token));
  if (token !== undefined) return tokenCredentials(() => readSecret(secrets, token));
  if (oauth !== undefined) {
    const url = apiUrl === undefined ? {} : { url: `${apiUrl.replace(/\/+$/, '')}/oauth/token` };
    return appCredentials(oauth, region, { ...connection, ...url, writes });
  }
  throw new PagerDutyFault('no_token', `There is no PagerDuty token: ${writes ? writing : reading}`);
}
