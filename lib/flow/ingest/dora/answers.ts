import type { EdgeResponse } from '../../../adapters/incoming-http/request.ts';
import type { Fault } from '../../../domain/dora/fault.ts';
import type { Outcome } from '../../receive/source.ts';
import { maxBodyBytes } from '../max-body.ts';

/** Answers in the shapes of Datadog's API, which its clients are strict about (docs/dora-api.md). */
const contentType = { 'content-type': 'application/json' };
/** Programs that send through a CI job try again for a minute at most. */
const retryAfterSeconds = '10';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): EdgeResponse => ({
  status,
  headers: { ...contentType, ...headers },
  body: JSON.stringify(body),
});

export const done = (data: unknown): EdgeResponse => answer(200, { data });

/** Changes are taken, not made yet. */
export const taken = answer(202, { data: null });

/** Clients take a deletion's answer to be empty. */
export const removed: EdgeResponse = { status: 202, headers: contentType, body: '' };

/** Nothing but 400 and 403 makes `datadog-ci` fail, so whatever is wrong for good is one of the two. */
export const badRequest = (faults: readonly Fault[]): EdgeResponse =>
  answer(400, {
    errors: faults.map(({ pointer, detail }) => ({
      status: '400',
      title: 'Bad Request',
      detail,
      source: { pointer },
    })),
  });

export const notFound = (detail: string): EdgeResponse =>
  answer(404, { errors: [{ status: '404', title: 'Not Found', detail }] });

/** Clients expect texts here, not objects. */
const forbidden = answer(403, { errors: ['Forbidden'] });

export function answerOutcome({ kind }: Outcome): EdgeResponse {
  switch (kind) {
    case 'written':
    case 'quarantined':
      return taken;
    case 'body_too_large': {
      const detail = `the body must have at most ${maxBodyBytes} bytes`;
      return badRequest([{ pointer: '', detail }]);
    }
    case 'not_configured':
    case 'unauthenticated':
    case 'authentication_failed':
      return forbidden;
    case 'method_not_allowed':
      return notFound('There is nothing under this path and method.');
    case 'unavailable':
      return answer(
        503,
        {
          errors: [
            { status: '503', title: 'Service Unavailable', detail: 'Not written down. Send it again.' },
          ],
        },
        { 'retry-after': retryAfterSeconds },
      );
  }
}
