import type { Clock, Http, Secrets } from '../../ports.ts';
import type { PagerDutyConfig } from '../config-values/pagerduty.ts';
import { PagerDutyFault } from './pagerduty-fault.ts';

/** What requests to PagerDuty are authorized with. */
export interface Credentials {
  /** The header `Authorization`; `fresh` where the last one was not accepted. Undefined: there is no other. */
  header(fresh: boolean): Promise<string | undefined>;
}

/** An API key, or a token of an app: apps' tokens say so by their beginning. */
export const tokenCredentials = (read: () => Promise<string>): Credentials => ({
  async header(fresh) {
    if (fresh) return undefined;
    const token = await read();
    return /^pd[a-z]*\+/.test(token) ? `Bearer ${token}` : `Token token=${token}`;
  },
});

const identityUrl = 'https://identity.pagerduty.com/oauth/token';

/** What is read, each asked for by name: a scope the app was not given makes the whole answer an error. */
const scopes = [
  ...['incidents.read', 'services.read', 'teams.read', 'priorities.read'],
  ...['abilities.read', 'webhook_subscriptions.read'],
];

/** … and asked for only by what changes something, so that an app may be without it. */
const writing = 'webhook_subscriptions.write';

const askMs = 15_000;

/** A day's token for the app's id and secret. There is nothing to refresh it with: a new one is asked for. */
export function appCredentials(
  oauth: NonNullable<PagerDutyConfig['oauth']>,
  region: PagerDutyConfig['region'],
  deps: { http: Http; secrets: Secrets; clock: Clock; url?: string; writes?: boolean },
): Credentials {
  let known: { header: string; untilMs: number } | undefined;
  return {
    async header(fresh) {
      if (known && !fresh && deps.clock.now() < known.untilMs) return known.header;
      const secret = await readSecret(deps.secrets, oauth.client_secret);
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: oauth.client_id,
        client_secret: secret,
        scope: [`as_account-${region}.${oauth.subdomain}`, ...scopes, ...(deps.writes ? [writing] : [])].join(
          ' ',
        ),
      });
      const answer = await deps.http
        .send({
          method: 'POST',
          url: deps.url ?? identityUrl,
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body: form.toString(),
          timeoutMs: askMs,
          mostBytes: 100_000,
        })
        .catch((cause: Error) => {
          throw new PagerDutyFault('unavailable', `no token for the app: ${cause.message}`, { cause });
        });
      const { access_token, expires_in } = answer.status === 200 ? parse(answer.body) : {};
      if (typeof access_token !== 'string') {
        const hint = 'is the client id, the secret, the subdomain or a scope of the app another?';
        const text = `PagerDuty gave no token for the app (${answer.status}); ${hint}`;
        throw new PagerDutyFault('unauthenticated', text, { status: answer.status });
      }
      const seconds = typeof expires_in === 'number' ? expires_in : 3600;
      known = { header: `Bearer ${access_token}`, untilMs: deps.clock.now() + seconds * 900 };
      return known.header;
    },
  };
}

/** Of several, kept for rotation, the first. */
export async function readSecret(secrets: Secrets, reference: string): Promise<string> {
  const [value = ''] = await secrets.read(reference).catch((cause: Error) => {
    throw new PagerDutyFault('no_token', `${reference} cannot be read: ${cause.message}`, { cause });
  });
  return value;
}

function parse(body: string): { access_token?: unknown; expires_in?: unknown } {
  try {
    return (JSON.parse(body) as object | null) ?? {};
  } catch {
    return {};
  }
}
