import type { BridgeConfig } from '../config/bridge-config.ts';
import { consoleKind } from './console.ts';
import type { Destination } from './destination.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import { webhookKind } from './webhook.ts';

const kinds: DestinationKind[] = [consoleKind, webhookKind];

/** The configured destinations, in the order of the configuration. */
export function createDestinations(config: BridgeConfig, context: DestinationContext): Destination[] {
  return config.destinations.map((each) => {
    const kind = kinds.find(({ type }) => type === each.type);
    if (!kind) throw new Error(`no destination type is called ${JSON.stringify(each.type)}`);
    return kind.create(each, context);
  });
}
