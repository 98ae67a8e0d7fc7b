import type { OutgoingEvent } from '../../../domain/destination/outgoing-event.ts';

/**
 * How an event is written. Pure: the same event always gives the same bytes, so that a redrive months
 * later sends what was sent before. Golden files hold every format to that.
 */
export interface Format {
  name: string;
  /** Part of it travels in HTTP headers, so only destinations that send HTTP requests can carry it. */
  overHttpOnly?: true;
  /** It says failed and restored, so a receiver that counts must be told of every end. */
  tellsFailures?: true;
  write(event: OutgoingEvent): Written | { skip: string };
}

export interface Written {
  contentType: string;
  /** What kind of event this is in the format's own terms. */
  eventType: string;
  body: string;
  /** Attributes that travel beside the body, as headers where there are headers. */
  headers?: Record<string, string>;
}
