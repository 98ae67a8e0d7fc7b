import { type LocalServer, startServer } from '../outgoing-http/local-server.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { triggered } from './incident-events.ts';

let server: LocalServer;
let behave: Parameters<typeof startServer>[0];

beforeEach(async () => {
  server = await startServer((answer, request) => behave(answer, request));
});
afterEach(() => server.stop());

const kinds: [string, () => string][] = [
  ['eventbridge', () => `{ name: b, type: eventbridge, endpoint: "${server.url}", timeout_seconds: 1 }`],
  ['sqs', () => `{ name: q, type: sqs, queue_url: "${server.url}/123456789012/q", timeout_seconds: 1 }`],
  [
    'sns',
    () =>
      `{ name: t, type: sns, topic_arn: "arn:aws:sns:eu-west-1:123456789012:t", endpoint: "${server.url}", timeout_seconds: 1 }`,
  ],
];

describe.each(kinds)("the SDK's client for %s", (_, yaml) => {
  const send = () => {
    const destination = destinationOf(yaml());
    return destination.send(payloadOf(destination, triggered), 0);
  };

  it('tries once, since waiting is the business of the delivery', async () => {
    behave = (answer) => answer.writeHead(500).end();
    expect(await send()).toMatchObject({ outcome: 'retry', statusCode: 500 });
    expect(server.received).toHaveLength(1);
  });

  it('gives up on an endpoint that hangs', async () => {
    behave = () => undefined;
    const started = Date.now();
    expect(await send()).toEqual({ outcome: 'retry', error: 'no answer from AWS in time', timedOut: true });
    expect(Date.now() - started).toBeLessThan(3000);
  });

  it('never tells credentials or signatures, whatever the endpoint repeats', async () => {
    behave = (answer, { headers }) => {
      const echo = String(headers.authorization);
      const json = JSON.stringify({ __type: 'SignatureDoesNotMatch', message: echo, Message: echo });
      const xml = `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${echo}</Message></Error></ErrorResponse>`;
      const isXml = String(headers['content-type']).includes('urlencoded');
      answer
        .writeHead(403, { 'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.0' })
        .end(isXml ? xml : json);
    };
    const result = await send();
    expect(server.received[0]?.headers.authorization).toContain('Signature=');
    expect(result).toEqual({ outcome: 'retry', statusCode: 403, error: 'SignatureDoesNotMatch' });
  });
});
