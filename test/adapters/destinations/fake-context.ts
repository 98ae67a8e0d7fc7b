import { parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';
import type { AwsClients } from '../../../lib/adapters/destinations/aws/aws-clients.ts';
import { createSdkClients } from '../../../lib/adapters/destinations/aws/sdk-clients.ts';
import { createDestinations } from '../../../lib/adapters/destinations/create-destinations.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import type { Destination, Memory, Payload } from '../../../lib/domain/destination/destination.ts';
import type { OutgoingEvent } from '../../../lib/domain/destination/outgoing-event.ts';
import type { Secrets } from '../../../lib/ports.ts';

export interface Given {
  /** By reference. */
  secrets?: Record<string, string[]>;
  print?: (line: string) => void;
  aws?: AwsClients;
  clock?: { now(): number };
}

/** A destination made as in production: from bridge.yml, with the real HTTP adapter. */
export function destinationOf(
  yaml: string,
  { secrets = {}, print = () => undefined, aws, clock = { now: Date.now } }: Given = {},
): Destination {
  const { config, faults } = parseBridgeConfig(`destinations: [${yaml}]`);
  if (!config) throw new Error(JSON.stringify(faults));
  const reader: Secrets = {
    async read(reference) {
      const values = secrets[reference];
      if (!values) throw new Error(`the environment variable ${reference.slice(4)} is not set`);
      return values;
    },
  };
  const [destination] = createDestinations(config, {
    http: createNodeHttp({ allowLoopback: true }),
    secrets: reader,
    clock,
    print,
    aws:
      aws ??
      createSdkClients({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } }),
  });
  if (!destination) throw new Error('no destination');
  return destination;
}

/** What would be sent; a payload goes through JSON as it does when it is written down. */
export function payloadOf(destination: Destination, event: OutgoingEvent, memory?: Memory): Payload {
  const rendering = destination.render(event, memory);
  if ('skip' in rendering) throw new Error(`skipped: ${rendering.skip}`);
  return JSON.parse(JSON.stringify(rendering.payload));
}
