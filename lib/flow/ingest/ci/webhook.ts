import { type EdgeRequest, jsonResponse } from '../../../adapters/incoming-http/request.ts';
import type { CiReading, CiSettings } from '../../../domain/ci/reading.ts';
import { reported } from '../../../domain/deployment/log-events.ts';
import { identify } from '../../../domain/incident-report/identify.ts';
import type { IncomingEvent } from '../../receive/incoming-event.ts';
import type { Reading, Source } from '../../receive/source.ts';
import { ingestCounters } from '../counters.ts';
import type { IngestDeps } from '../deps.ts';
import { maxBodyBytes } from '../max-body.ts';
import type { IngestSource } from '../route.ts';
import { answerOutcome } from './answers.ts';

/** What one CI system differs in from the others. */
interface CiWebhook {
  name: string;
  /** Whose credentials it takes. */
  credentials(deps: IngestDeps): Pick<Source, 'configured' | 'authenticate'>;
  /** Headers are in lower case; never throws. */
  read(headers: EdgeRequest['headers'], body: string, settings: CiSettings): CiReading;
  whenMismatched: string;
}

/** GitHub and GitLab hang up after ten seconds. */
const answerWithinMs = 8_000;

/** A source that takes the webhooks of a CI system under its name: each report in one is written down once. */
export const ciWebhook = ({ name, credentials, read, whenMismatched }: CiWebhook): IngestSource => ({
  name,
  routes: (deps) => {
    const source: Source = {
      ...credentials(deps),
      methods: ['POST'],
      maxBodyBytes,
      answerWithinMs,
      read: ({ headers, rawBody, arrivedAtMs }) => {
        const told = read(headers, new TextDecoder().decode(rawBody), deps.config.ingest);
        const reading = inTime(told, arrivedAtMs);
        if (reading.kind === 'reports') return { kind: 'events', events: eventsOf(reading) };
        const { reason } = reading;
        // Authentic and unreadable: either the sender has changed, or this reader is wrong.
        const level = reason.startsWith('unreadable: ') ? 'warn' : 'info';
        deps.telemetry[level]('webhook ignored', { source: name, reason });
        return ignoredAs(reason);
      },
      contextOf: () => ({}),
      answer: answerOutcome,
      whenMismatched,
      noun: 'webhook',
      counted: ingestCounters,
    };
    return [{ method: 'POST', path: `/webhooks/${name}`, source: () => source }];
  },
});

const ignoredAs = (reason: string): Reading => ({
  kind: 'answered',
  answer: jsonResponse(202, { status: 'ignored', reason }),
});

function eventsOf({ deployments, incidents }: Extract<CiReading, { kind: 'reports' }>): IncomingEvent[] {
  return [...deployments.map(reported), ...incidents.map(identify)].map(
    ({ subject, eventId, eventType, occurredAtMs, body }) => ({
      subject,
      eventId,
      eventType,
      occurredAtMs,
      body,
    }),
  );
}

const furthestAheadMs = 24 * 60 * 60 * 1000;

/** What has not happened yet is a clock that is wrong; it would be the newest of its kind until then. */
function inTime(reading: CiReading, nowMs: number): CiReading {
  if (reading.kind === 'ignored') return reading;
  const times = [...reading.deployments, ...reading.incidents].map(
    (report) => report.finished_at ?? report.started_at ?? ('seen_at' in report ? report.seen_at : undefined),
  );
  const ahead = times.find((time) => Date.parse(time ?? '') > nowMs + furthestAheadMs);
  return ahead === undefined ? reading : { kind: 'ignored', reason: `in_the_future: ${ahead}` };
}
