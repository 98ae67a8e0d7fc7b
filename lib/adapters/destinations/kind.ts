import type { Destination, Takes } from '../../domain/destination/destination.ts';
import type { Clock, Http, Secrets } from '../../ports.ts';
import type { AwsClients } from './aws/aws-clients.ts';
import type { DestinationConfig } from './destination-config.ts';

/** What destinations need of the outside world; each takes its share. */
export interface DestinationContext {
  http: Http;
  secrets: Secrets;
  clock: Pick<Clock, 'now'>;
  /** Where `console` writes, a line at a time. */
  print(line: string): void;
  aws: AwsClients;
}

/** How one type of destination is made from configuration that its schema has accepted. */
export interface DestinationKind {
  /** What it is told of; left out where `events` says so alone. */
  takes?(config: DestinationConfig): Takes;
  create(config: DestinationConfig, context: DestinationContext): Destination;
}
