import { iso } from '../../store/database/due.ts';

/** What `/health` tells of the webhooks since the start, ISO 8601 in UTC. */
export interface WebhooksAnswered {
  since: string;
  accepted_at?: string;
  /** Because its credentials did not match. */
  refused_at?: string;
}

/** Remembers when a webhook was last accepted, and when one was last refused. */
export function webhooksAnswered(now: () => number) {
  const told: WebhooksAnswered = { since: iso(now()) };
  return {
    told,
    note({ status, body }: { status: number; body: string }): void {
      if (status === 202) told.accepted_at = iso(now());
      else if (status === 503 && body.includes('"authentication_failed"')) told.refused_at = iso(now());
    },
  };
}
