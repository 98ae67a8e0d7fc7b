import type { Clock, Http, Secrets } from '../../../ports.ts';
import { DatadogFault, listPage } from '../../datadog-api/dora-lists.ts';
import { asConfigured } from '../as-configured.ts';
import type { DestinationConfig } from '../destination-config.ts';
import { baseUrl } from './base-url.ts';
import type { DatadogConfig } from './datadog-config.ts';

/** A Datadog that is asked which deployments it has detected by itself. */
export interface Detecting {
  /** Of the destination. */
  name: string;
  /** The deployments that started in [fromMs, toMs], newest first, as many as it gives. Throws `DatadogFault`. */
  ask(range: { fromMs: number; toMs: number }): Promise<unknown[]>;
}

interface DetectingDeps {
  http: Http;
  secrets: Secrets;
  clock: Clock;
}

/** Others wait meanwhile: one attempt, the next one is minutes away. */
const brief = { tries: 1, timeoutMs: 10_000 };

/** The destinations with `datadog_deployments: poll`. */
export function createDetecting(
  configured: readonly DestinationConfig[],
  { http, secrets, clock }: DetectingDeps,
): Detecting[] {
  const wanted = asConfigured(configured).filter(
    (each) => each.type === 'datadog' && (each as DatadogConfig).datadog_deployments === 'poll',
  );
  return wanted.map((each) => {
    const datadog = each as DatadogConfig;
    const { name, api_key, application_key = '', allow_private: allowPrivate = false } = datadog;
    return {
      name,
      async ask(range) {
        const keys = [api_key, application_key].map((reference) => secrets.read(reference));
        const [ofApi, ofApplication] = await Promise.all(keys).catch(() => {
          throw new DatadogFault(`A key of ${name} cannot be read.`);
        });
        const [apiKey = '', applicationKey = ''] = [ofApi?.[0], ofApplication?.[0]];
        const access = { baseUrl: baseUrl(datadog), apiKey, applicationKey };
        return listPage({ http, clock, allowPrivate, ...brief }, access, 'deployments', range);
      },
    };
  });
}
