import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeWithMoto, type Moto, startMoto } from '../../support/moto.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { resolved, triggered } from './incident-events.ts';

describeWithMoto('AWS destinations against an emulator', () => {
  let moto: Moto;
  let clients: { sqs: SQSClient; sns: SNSClient; events: EventBridgeClient };

  beforeAll(async () => {
    moto = await startMoto();
    const config = {
      endpoint: moto.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    };
    clients = {
      sqs: new SQSClient(config),
      sns: new SNSClient(config),
      events: new EventBridgeClient(config),
    };
  });
  afterAll(() => moto?.stop());

  const queueArn = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`;

  async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl = '' } = await clients.sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    return QueueUrl;
  }

  async function messages(url: string) {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    return (await clients.sqs.send(command)).Messages ?? [];
  }

  it('a queue gets the event with its attributes', async () => {
    const url = await createQueue('plain');
    const destination = destinationOf(`{ name: q, type: sqs, queue_url: "${url}" }`);
    expect(await destination.send(payloadOf(destination, triggered), 0)).toMatchObject({
      outcome: 'delivered',
    });
    const [message] = await messages(url);
    expect(JSON.parse(message?.Body ?? '')).toEqual(triggered);
    expect(message?.MessageAttributes?.['event_type']?.StringValue).toBe('incident.triggered');
  });

  it('a FIFO queue gets each event once, in order', async () => {
    const url = await createQueue('ordered.fifo', { FifoQueue: 'true' });
    const destination = destinationOf(`{ name: q, type: sqs, queue_url: "${url}" }`);
    for (const event of [triggered, triggered, resolved])
      await destination.send(payloadOf(destination, event), 0);
    const received = await messages(url);
    expect(received.map(({ Body = '' }) => JSON.parse(Body).type)).toEqual([
      'incident.triggered',
      'incident.resolved',
    ]);
    expect(received[0]?.Attributes?.MessageGroupId).toBe('Q2CKYRLH85UNN4');
  });

  it('a queue that does not exist is waited for', async () => {
    const destination = destinationOf(
      `{ name: q, type: sqs, queue_url: "${moto.endpoint}/123456789012/nowhere" }`,
    );
    expect(await destination.send(payloadOf(destination, triggered), 0)).toMatchObject({ outcome: 'retry' });
  });

  it('a topic passes the event on to its subscribers, who can filter', async () => {
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: 'topic' }));
    const url = await createQueue('subscriber');
    const filter = JSON.stringify({ event_type: ['incident.resolved'] });
    const Attributes = { RawMessageDelivery: 'true', FilterPolicy: filter };
    await clients.sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn('subscriber'), Attributes }),
    );
    const destination = destinationOf(
      `{ name: t, type: sns, topic_arn: "${TopicArn}", endpoint: "${moto.endpoint}" }`,
    );
    for (const event of [triggered, resolved]) {
      expect(await destination.send(payloadOf(destination, event), 0)).toMatchObject({
        outcome: 'delivered',
      });
    }
    expect((await messages(url)).map(({ Body = '' }) => JSON.parse(Body))).toEqual([resolved]);
  });

  it('a topic that does not exist is waited for', async () => {
    const arn = 'arn:aws:sns:eu-central-1:123456789012:nowhere';
    const destination = destinationOf(
      `{ name: t, type: sns, topic_arn: "${arn}", endpoint: "${moto.endpoint}" }`,
    );
    expect(await destination.send(payloadOf(destination, triggered), 0)).toMatchObject({ outcome: 'retry' });
  });

  it('an event bus passes the event on to the targets of its rules', async () => {
    await clients.events.send(new CreateEventBusCommand({ Name: 'own' }));
    const url = await createQueue('target');
    const EventPattern = JSON.stringify({
      source: ['pagerduty-catalog-bridge'],
      detail: { team: ['payments'] },
    });
    const rule = { Name: 'all', EventBusName: 'own' };
    await clients.events.send(new PutRuleCommand({ ...rule, EventPattern }));
    const Targets = [{ Id: 'queue', Arn: queueArn('target') }];
    await clients.events.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'own', Targets }));
    const destination = destinationOf(
      `{ name: b, type: eventbridge, bus: own, endpoint: "${moto.endpoint}" }`,
    );
    expect(await destination.send(payloadOf(destination, triggered), 0)).toMatchObject({
      outcome: 'delivered',
    });
    const [message] = await messages(url);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      source: 'pagerduty-catalog-bridge',
      'detail-type': 'incident.triggered',
      detail: triggered,
    });
  });
});
