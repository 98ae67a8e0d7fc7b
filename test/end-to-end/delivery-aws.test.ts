import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createSdkClients } from '../../lib/adapters/destinations/aws/sdk-clients.ts';
import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createForward } from '../../lib/flow/forward/forward-events.ts';
import { createSweep } from '../../lib/flow/sweep/sweep.ts';
import { eventIds, fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import { describeWithMoto, type Moto, startMoto } from '../support/moto.ts';

const region = 'eu-central-1';
const credentials = { accessKeyId: 'a', secretAccessKey: 's' };

describeWithMoto('EventBridge, SQS and SNS at the end of the bridge', () => {
  let moto: Moto;
  let sqs: SQSClient;
  let sns: SNSClient;
  let bus: EventBridgeClient;
  let fixture: Fixture;

  beforeAll(async () => {
    moto = await startMoto();
    const config = { endpoint: moto.endpoint, region, credentials };
    sqs = new SQSClient(config);
    sns = new SNSClient(config);
    bus = new EventBridgeClient(config);
    fixture = await createFixture();
  });
  afterAll(async () => {
    for (const client of [sqs, sns, bus]) client?.destroy();
    await moto?.stop();
  });

  const queueArn = (name: string) => `arn:aws:sqs:${region}:123456789012:${name}`;
  async function createQueue(name: string): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    return QueueUrl;
  }

  async function drained(url: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await sqs.send(command);
      if (Messages.length === 0) return bodies;
      for (const { Body = '', ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
      }
    }
  }

  function wire() {
    const { deps } = fixture.bridge([]);
    const endpoint = moto.endpoint;
    const config = {
      ...deps.config,
      destinations: [
        { name: 'queue', type: 'sqs', queue_url: `${endpoint}/123456789012/plain`, region },
        { name: 'topic', type: 'sns', topic_arn: `arn:aws:sns:${region}:123456789012:topic`, endpoint },
        { name: 'bus', type: 'eventbridge', bus: 'own', region, endpoint },
      ],
    };
    const destinations = createDestinations(config, {
      http: createNodeHttp({ allowLoopback: true }),
      secrets: { read: () => Promise.reject(new Error('AWS destinations need no secret')) },
      clock: deps.clock,
      print: () => {},
      aws: createSdkClients({ region, credentials }),
    });
    const wired = { ...deps, config, destinations, destinationNames: destinations.map(({ name }) => name) };
    return { forward: createForward(wired), sweep: createSweep(wired) };
  }

  it('get every event once; one that does not exist yet is waited for, then gets them too', async () => {
    const watch = watchInvariants(fixture);
    const plain = await createQueue('plain');
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
    const subscriber = await createQueue('subscriber');
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn('subscriber'), Attributes }),
    );

    const { forward, sweep } = wire();
    const bridge = fixture.bridge([]);
    for (const body of fiveEvents('Q1')) await bridge.send(body);
    const Records = fixture.rows('events').map((row, index) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: String(index),
        Keys: { incident_id: { S: String(row['incident_id']) }, log_key: { S: String(row['log_key']) } },
      },
    }));
    expect(await forward({ Records }, 60_000)).toEqual({ batchItemFailures: [] });

    const ids = (bodies: string[]) => bodies.map((body) => JSON.parse(body).id).sort();
    expect(ids(await drained(plain))).toEqual(eventIds('Q1'));
    expect(ids(await drained(subscriber))).toEqual(eventIds('Q1'));
    expect(fixture.deliveries('bus').map((row) => row['status'])).toEqual(Array(5).fill('pending'));
    expect(String(fixture.deliveries('bus')[0]?.['last_error'])).toMatch(/not ?exist|not ?found/i);

    await bus.send(new CreateEventBusCommand({ Name: 'own' }));
    const target = await createQueue('target');
    const EventPattern = JSON.stringify({ source: ['pagerduty-catalog-bridge'] });
    await bus.send(new PutRuleCommand({ Name: 'all', EventBusName: 'own', EventPattern }));
    const Targets = [{ Id: 'queue', Arn: queueArn('target') }];
    await bus.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'own', Targets }));
    for (let run = 0; run < 30 && leftovers(fixture).length > 0; run++) {
      fixture.clock.advance(minutes(2));
      await sweep(60_000);
    }
    const received = (await drained(target)).map((body) => JSON.parse(body).detail);
    expect(received.map(({ id }) => id).sort()).toEqual(eventIds('Q1'));
    for (const name of ['queue', 'topic', 'bus']) {
      expect(fixture.deliveries(name).map((row) => row['status'])).toEqual(Array(5).fill('delivered'));
    }
    expect(leftovers(fixture)).toEqual([]);
    expect(watch.found).toEqual([]);
  });
});
