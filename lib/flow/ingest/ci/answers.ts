import { type EdgeResponse, jsonResponse } from '../../../adapters/incoming-http/request.ts';
import type { Outcome } from '../../receive/source.ts';
import { maxBodyBytes } from '../max-body.ts';

const fault = (status: number, code: string, message: string, headers?: Record<string, string>) =>
  jsonResponse(status, { error: code, message }, headers);

/** Answers to CI systems: they show them to people, and GitLab stops sending after several failures in a row. */
export function answerOutcome(outcome: Outcome): EdgeResponse {
  switch (outcome.kind) {
    case 'written': {
      const isNew = outcome.events.some(({ status }) => status === 'accepted');
      return jsonResponse(202, { status: isNew ? 'accepted' : 'duplicate' });
    }
    case 'quarantined':
      return jsonResponse(202, { status: 'quarantined' });
    case 'body_too_large':
      // GitHub sends up to 25 MB, but what is so large is no deployment, and an error would only count against the webhook.
      return jsonResponse(202, { status: 'ignored', reason: `too_large: more than ${maxBodyBytes} bytes` });
    case 'method_not_allowed':
      return fault(405, 'method_not_allowed', 'Send webhooks with POST.', { allow: 'POST' });
    case 'not_configured':
      return fault(404, 'not_configured', 'bridge.yml has no credentials for this source (ingest).');
    case 'unauthenticated':
      return fault(401, 'unauthenticated', 'The request carries no credentials.');
    case 'authentication_failed':
      return fault(401, 'authentication_failed', 'The credentials do not match.');
    case 'unavailable':
      return fault(503, 'unavailable', 'Not written down. Send it again.', { 'retry-after': '10' });
  }
}
