import type { AwsClients, AwsTarget } from '../../../lib/adapters/destinations/aws/aws-clients.ts';
import type { SendResult } from '../../../lib/domain/destination/destination.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { changed, sparse, triggered } from './incident-events.ts';

interface Call {
  operation: string;
  target: AwsTarget;
  input: object;
}

/** Clients that write down what they are asked, and answer (or throw) as told. */
function recording(answer: () => unknown = () => ({})): { aws: AwsClients; calls: Call[] } {
  const calls: Call[] = [];
  const client = (operation: string) => async (target: AwsTarget) => async (input: object) => {
    calls.push({ operation, target, input });
    return answer();
  };
  const aws = {
    putEvents: client('PutEvents'),
    sendMessage: client('SendMessage'),
    publish: client('Publish'),
  };
  return { aws: aws as unknown as AwsClients, calls };
}

const bus = '{ name: b, type: eventbridge }';
const queue = '{ name: q, type: sqs, queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/q" }';
const topic = '{ name: t, type: sns, topic_arn: "arn:aws:sns:eu-west-1:123456789012:t" }';

async function send(
  yaml: string,
  event: IncidentEvent,
  answer?: () => unknown,
): Promise<{ calls: Call[]; result: SendResult }> {
  const { aws, calls } = recording(answer);
  const destination = destinationOf(yaml, { aws });
  return { result: await destination.send(payloadOf(destination, event), 0), calls };
}

const attributes = {
  event_id: { DataType: 'String', StringValue: triggered.id },
  content_type: { DataType: 'String', StringValue: 'application/json' },
  event_type: { DataType: 'String', StringValue: 'incident.triggered' },
  env: { DataType: 'String', StringValue: 'prod' },
  team: { DataType: 'String', StringValue: 'payments' },
  severity: { DataType: 'String', StringValue: 'SEV-1' },
};

describe('what AWS is asked', () => {
  it.each<[string, Call]>([
    [
      bus,
      {
        operation: 'PutEvents',
        target: { region: undefined, endpoint: undefined },
        input: {
          Entries: [
            {
              EventBusName: 'default',
              Source: 'pagerduty-catalog-bridge',
              DetailType: 'incident.triggered',
              Detail: JSON.stringify(triggered),
              Time: new Date(triggered.occurred_at),
            },
          ],
        },
      },
    ],
    [
      queue,
      {
        operation: 'SendMessage',
        target: { region: 'eu-central-1', endpoint: 'https://sqs.eu-central-1.amazonaws.com' },
        input: {
          QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/q',
          MessageBody: JSON.stringify(triggered),
          MessageAttributes: attributes,
        },
      },
    ],
    [
      topic,
      {
        operation: 'Publish',
        target: { region: 'eu-west-1', endpoint: undefined },
        input: {
          TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t',
          Message: JSON.stringify(triggered),
          MessageAttributes: attributes,
        },
      },
    ],
  ])('for %s', async (yaml, call) => {
    const { calls, result } = await send(yaml, triggered);
    expect(calls).toEqual([call]);
    expect(result).toEqual({ outcome: 'delivered', statusCode: 200 });
  });

  it.each([queue.replace('/q"', '/q.fifo"'), topic.replace(':t"', ':t.fifo"')])(
    'keeps the order of an incident, and drops repetitions: %s',
    async (yaml) => {
      const { calls } = await send(yaml, triggered);
      expect(calls[0]?.input).toMatchObject({
        MessageGroupId: 'Q2CKYRLH85UNN4',
        MessageDeduplicationId: triggered.id,
      });
    },
  );

  it('has keys that FIFO queues take, whatever the ids', async () => {
    const long = changed(sparse, { id: 'x'.repeat(200), incident: { id: 'ü' } });
    const { calls } = await send(queue.replace('/q"', '/q.fifo"'), long);
    expect(calls[0]?.input).toMatchObject({
      MessageGroupId: expect.stringMatching(/^[0-9a-f]{64}$/),
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    ['{ name: b, type: eventbridge, region: us-east-1, bus: own }', 'us-east-1'],
    [
      '{ name: b, type: eventbridge, bus: "arn:aws:events:eu-north-1:123456789012:event-bus/own" }',
      'eu-north-1',
    ],
    [
      '{ name: q, type: sqs, queue_url: "https://eu-west-3.queue.amazonaws.com/123456789012/q" }',
      'eu-west-3',
    ],
    [
      '{ name: q, type: sqs, queue_url: "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q" }',
      'cn-north-1',
    ],
    [
      '{ name: q, type: sqs, queue_url: "http://127.0.0.1:5000/123456789012/q", region: eu-west-2 }',
      'eu-west-2',
    ],
    ['{ name: q, type: sqs, queue_url: "http://127.0.0.1:5000/123456789012/q" }', undefined],
  ])('goes to the region that the configuration tells: %s', async (yaml, region) => {
    const { calls } = await send(yaml, triggered);
    expect(calls[0]?.target.region).toBe(region);
  });

  it('is connected to once, and again after connecting has failed', async () => {
    let connections = 0;
    const aws = {
      ...recording().aws,
      async putEvents() {
        connections += 1;
        if (connections === 1) throw new Error('Region is missing');
        return async () => ({});
      },
    };
    const destination = destinationOf(bus, { aws });
    const payload = payloadOf(destination, triggered);
    expect(await destination.send(payload, 0)).toEqual({
      outcome: 'retry',
      error: 'Error: Region is missing',
    });
    for (const _ of [1, 2])
      expect(await destination.send(payload, 0)).toMatchObject({ outcome: 'delivered' });
    expect(connections).toBe(2);
  });

  it('contains only characters that SQS takes, and still means the same', async () => {
    const event = changed(triggered, { name: 'a\uFFFEb\uFFFFc\u0001', team: 'x\u0001\uFFFEy' });
    const { calls } = await send(queue, event);
    const { MessageBody, MessageAttributes } = (calls[0] as Call).input as {
      MessageBody: string;
      MessageAttributes: typeof attributes;
    };
    expect(MessageBody).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(JSON.parse(MessageBody)).toEqual(event);
    expect(MessageAttributes.team.StringValue).toBe('x\uFFFD\uFFFDy');
  });

  it.each([bus, queue, topic])('is nothing for an event that is too large: %s', async (yaml) => {
    const large = changed(triggered, { incident: { custom_fields: { log: 'ü'.repeat(131_072) } } });
    const { calls, result } = await send(yaml, large);
    expect(calls).toEqual([]);
    expect(result).toEqual({
      outcome: 'refused',
      error: expect.stringMatching(/^\d+ bytes are more than AWS takes \(262144\)$/),
    });
  });
});

describe('what AWS answers', () => {
  const fault = (name: string, message: string, httpStatusCode?: number) => () => {
    throw Object.assign(new Error(message), { name, $metadata: httpStatusCode ? { httpStatusCode } : {} });
  };

  it.each([
    ['ThrottlingException', 400, 'retry'],
    ['RequestThrottled', 400, 'retry'],
    ['KmsAccessDenied', 400, 'retry'],
    ['AccessDenied', 403, 'retry'],
    ['AccessDeniedException', 400, 'retry'],
    ['AuthorizationErrorException', 403, 'retry'],
    ['InvalidClientTokenId', 403, 'retry'],
    ['ExpiredToken', 403, 'retry'],
    ['QueueDoesNotExist', 400, 'retry'],
    ['AWS.SimpleQueueService.NonExistentQueue', 400, 'retry'],
    ['NotFoundException', 404, 'retry'],
    ['InternalErrorException', 500, 'retry'],
    ['SomethingNew', 400, 'retry'],
    ['InvalidMessageContents', 400, 'refused'],
    ['InvalidParameterException', 400, 'refused'],
    ['InvalidParameterValue', 400, 'refused'],
    ['ValidationException', 400, 'refused'],
  ])('%s (%i) means %s', async (name, statusCode, outcome) => {
    for (const yaml of [bus, queue, topic]) {
      const { result } = await send(yaml, triggered, fault(name, 'why', statusCode));
      expect(result).toEqual({ outcome, statusCode, error: expect.stringContaining(': why') });
    }
  });

  it.each(['AbortError', 'TimeoutError'])('nothing in time means later: %s', async (name) => {
    const { result } = await send(queue, triggered, fault(name, 'Request aborted'));
    expect(result).toEqual({ outcome: 'retry', error: 'no answer from AWS in time', timedOut: true });
  });

  it('no connection means later', async () => {
    const { result } = await send(topic, triggered, fault('Error', 'connect ECONNREFUSED'));
    expect(result).toEqual({ outcome: 'retry', error: 'Error: connect ECONNREFUSED' });
  });

  it.each(['SignatureDoesNotMatch', 'InvalidSignatureException', 'IncompleteSignature'])(
    'about a signature is not repeated, it quotes the request: %s',
    async (name) => {
      const { result } = await send(
        queue,
        triggered,
        fault(name, 'Canonical String: x-amz-security-token:CANARY', 403),
      );
      expect(result).toEqual({ outcome: 'retry', statusCode: 403, error: name });
    },
  );

  it.each([
    ['ThrottlingException', 'retry'],
    ['InternalFailure', 'retry'],
    ['AccessDeniedException', 'retry'],
    ['MalformedDetail', 'refused'],
    ['InvalidArgument', 'refused'],
  ])('with success can still be a failure of the one entry: %s means %s', async (ErrorCode, outcome) => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'why' }] };
    expect((await send(bus, triggered, () => answer)).result).toEqual({
      outcome,
      error: `${ErrorCode}: why`,
    });
  });

  it('with a failure count and no code means later', async () => {
    const { result } = await send(bus, triggered, () => ({ FailedEntryCount: 1, Entries: [{}] }));
    expect(result).toMatchObject({ outcome: 'retry' });
  });
});
