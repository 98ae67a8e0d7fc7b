import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInAws {
  endpoint: string;
  /** SSM's parameters; a missing one is answered as SSM does. */
  parameters: Record<string, string>;
  /** What DynamoDB does from now on. */
  dynamodb: 'works' | 'hangs' | 'throttles' | 'breaks off';
  /** The targets of all requests so far. */
  calls: string[];
  stop(): Promise<void>;
}

/** One endpoint, as AWS_ENDPOINT_URL is one: SSM answers from a table, everything else goes to a real DynamoDB. */
export async function startStandInAws(dynamodb: string): Promise<StandInAws> {
  const server = createServer((incoming, outgoing) => {
    const target = String(incoming.headers['x-amz-target']);
    aws.calls.push(target);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const reply = (status: number, answer: unknown) =>
        outgoing
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify(answer));
      if (target === 'AmazonSSM.GetParameter') {
        const Value = aws.parameters[JSON.parse(body.toString()).Name];
        return Value === undefined
          ? reply(400, { __type: 'ParameterNotFound' })
          : reply(200, { Parameter: { Value } });
      }
      if (aws.dynamodb === 'hangs') return undefined;
      if (aws.dynamodb === 'breaks off') return incoming.socket.destroy();
      if (aws.dynamodb === 'throttles')
        return reply(400, { __type: 'x#ThrottlingException', message: 'slow down' });
      const { hostname, port } = new URL(dynamodb);
      const options = { hostname, port, method: 'POST', headers: incoming.headers };
      return request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const aws: StandInAws = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    parameters: {},
    dynamodb: 'works',
    calls: [],
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return aws;
}
