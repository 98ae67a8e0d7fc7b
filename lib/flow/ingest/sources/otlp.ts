import { inflate } from '../../../adapters/incoming-http/inflate.ts';
import type { RoutedRequest } from '../../../adapters/incoming-http/request.ts';
import { failed, taken } from '../../../domain/otlp/answer.ts';
import { encodingOf, readExport } from '../../../domain/otlp/read-export.ts';
import type { Reading, Source } from '../../receive/source.ts';
import { ingestCounters } from '../counters.ts';
import type { IngestDeps } from '../deps.ts';
import { keysFor } from '../keys.ts';
import type { IngestSource } from '../route.ts';
import { createSeenVersions, type News, type SeenVersions } from '../seen-versions.ts';

const signals = ['traces', 'metrics', 'logs'];
/** Compressed, and decompressed. */
const maxBodyBytes = 4 * 1024 * 1024;
/** An SDK waits for 10 seconds, a collector for 30. */
const answerWithinMs = 9_000;
const retryAfter = { 'retry-after': '30' };

/** OpenTelemetry's exports over HTTP: which versions run, and nothing else, is read out of them. */
export const otlp: IngestSource = {
  name: 'otlp',
  routes(deps) {
    const seen = createSeenVersions({ ...deps, settleMs: deps.config.ingest.settle_minutes * 60_000 });
    return signals.map((signal) => ({
      method: 'POST',
      path: `/v1/${signal}`,
      source: (_steps, request) => exportSource(deps, seen, request),
    }));
  },
  elsewhere: {
    below: '/v1',
    answer: failed('json', 404, 'OTLP is taken with POST at /v1/traces, /v1/metrics and /v1/logs.'),
  },
};

/** Takes one request. */
function exportSource(deps: IngestDeps, seen: SeenVersions, { headers, rawBody }: RoutedRequest): Source {
  const seenAtMs = deps.clock.now();
  let encoding = encodingOf(headers['content-type'], rawBody);
  let news: News | undefined;
  const refuse = (fault: string): Reading => ({ kind: 'answered', answer: failed(encoding, 400, fault) });
  return {
    ...keysFor('reporting', deps),
    methods: ['POST'],
    maxBodyBytes,
    answerWithinMs,
    contextOf: () => ({}),
    whenMismatched: 'check the API key in the headers of the exporter',
    noun: 'telemetry export',
    counted: ingestCounters,
    async read() {
      const inflated = await inflate(rawBody, headers['content-encoding'], maxBodyBytes);
      if (inflated.kind === 'fault') return refuse(inflated.fault);
      encoding = encodingOf(headers['content-type'], inflated.body);
      const given = readExport(inflated.body, encoding);
      if (given.kind === 'fault') return refuse(given.fault);
      news = await seen.weigh(given.versions, seenAtMs);
      if (news.events.length === 0) return { kind: 'answered', answer: taken(encoding) };
      return { kind: 'events', events: news.events };
    },
    answer({ kind }) {
      switch (kind) {
        case 'written':
          news?.told();
          return taken(encoding);
        case 'body_too_large':
          return failed(encoding, 400, `A body may have at most ${maxBodyBytes} bytes.`);
        case 'method_not_allowed':
          return failed(encoding, 405, 'Export with POST.', { allow: 'POST' });
        case 'unauthenticated':
        case 'authentication_failed':
        case 'not_configured':
          return failed(encoding, 403, 'No API key of the bridge is in DD-API-KEY or X-Api-Key.');
        case 'quarantined':
        case 'unavailable':
          return failed(encoding, 503, 'Not written down. Send it again.', retryAfter);
      }
    },
  };
}
