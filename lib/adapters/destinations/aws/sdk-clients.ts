import { awsProxy } from '../../outgoing-http/proxy.ts';
import type { AwsClients, AwsTarget } from './aws-clients.ts';

/** What the wiring decides for every client: on Lambda the environment's credentials without the provider chain. */
export interface SdkSettings {
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** The SDK's clients, imported when a destination that needs one sends for the first time. */
export function createSdkClients(settings: SdkSettings = {}): AwsClients {
  return {
    async putEvents(target) {
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      const client = new EventBridgeClient(clientConfig(settings, 'events', target));
      return (input, abortSignal) => client.send(new PutEventsCommand(input), { abortSignal });
    },
    async sendMessage(target) {
      const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
      const client = new SQSClient(clientConfig(settings, 'sqs', target));
      return (input, abortSignal) => client.send(new SendMessageCommand(input), { abortSignal });
    },
    async publish(target) {
      const { SNSClient, PublishCommand } = await import('@aws-sdk/client-sns');
      const client = new SNSClient(clientConfig(settings, 'sns', target));
      return (input, abortSignal) => client.send(new PublishCommand(input), { abortSignal });
    },
  };
}

/** One attempt a call: retrying is the delivery's business, which can wait for hours and not only for seconds. */
function clientConfig(settings: SdkSettings, service: string, { region, endpoint }: AwsTarget) {
  const chosenRegion = region ?? settings.region;
  const address = endpoint ?? `https://${service}.${chosenRegion ?? 'us-east-1'}.amazonaws.com`;
  return {
    maxAttempts: 1,
    ...awsProxy(address),
    ...(chosenRegion === undefined ? {} : { region: chosenRegion }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
  };
}
