import type { Destination } from '../../domain/destination/destination.ts';
import { eventBridgeKind } from './aws/eventbridge.ts';
import { snsKind } from './aws/sns.ts';
import { sqsKind } from './aws/sqs.ts';
import { consoleKind } from './console.ts';
import { datadogKind } from './datadog/datadog.ts';
import type { DestinationConfig } from './destination-config.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import { webhookKind } from './webhook.ts';

const kinds: DestinationKind[] = [consoleKind, webhookKind, datadogKind, eventBridgeKind, sqsKind, snsKind];

/** The configured destinations, in the order of the configuration. */
export function createDestinations(
  config: { destinations: readonly DestinationConfig[] },
  context: DestinationContext,
): Destination[] {
  return config.destinations.map((each) => {
    const kind = kinds.find(({ type }) => type === each.type);
    if (!kind) throw new Error(`no destination type is called ${JSON.stringify(each.type)}`);
    return kind.create(each, context);
  });
}
