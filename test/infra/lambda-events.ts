import { signedRequest } from '../support/webhooks.ts';

/** A webhook as an HTTP API (payload 2.0) and a Function URL hand it over; base64 as they do for other types. */
export function webhookEvent(
  body: unknown,
  secret: string,
  {
    headers = {},
    base64 = false,
    method = 'POST',
  }: { headers?: Record<string, string>; base64?: boolean; method?: string } = {},
) {
  const request = signedRequest(body, secret, headers);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/webhooks/pagerduty',
    headers: request.headers,
    requestContext: {
      timeEpoch: Date.now(),
      http: { method, path: '/webhooks/pagerduty', sourceIp: '192.0.2.1' },
    },
    body: base64 ? Buffer.from(request.body).toString('base64') : request.body,
    isBase64Encoded: base64,
  };
}

/** A batch of the events table's stream, keys only. */
export function streamEvent(...keys: { incident_id: string; log_key: string }[]) {
  return {
    Records: keys.map(({ incident_id, log_key }, index) => ({
      eventID: String(index),
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        SequenceNumber: String(100 + index),
        StreamViewType: 'KEYS_ONLY',
        Keys: { incident_id: { S: incident_id }, log_key: { S: log_key } },
      },
    })),
  };
}
