import type { Draft } from './draft.ts';

/** What times are worked out from: the fold's memory, finished or while it is being built. */
export type Timed = Pick<
  Draft,
  | 'counts'
  | 'status'
  | 'created_at'
  | 'first_event_at'
  | 'triggered_at'
  | 'acknowledged_at'
  | 'acknowledge_inferred'
  | 'resolved_ms_before_acknowledge'
  | 'response_inferred'
  | 'resolved_at'
  | 'resolve_inferred'
  | 'resolve_doubted'
  | 'reopening_inferred'
  | 'active_ms'
  | 'active_inferred'
  | 'merged_into'
  | 'reported'
  | 'withdrawn_at'
>;
