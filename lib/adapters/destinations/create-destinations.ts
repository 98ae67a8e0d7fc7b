import type { Destination } from '../../domain/destination/destination.ts';
import type { DestinationConfig } from './destination-config.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import { kinds } from './kinds.ts';

const byName = new Map<string, DestinationKind>(Object.entries(kinds));

/** The configured destinations, in the order of the configuration. */
export function createDestinations(
  config: { destinations: readonly DestinationConfig[] },
  context: DestinationContext,
): Destination[] {
  return config.destinations.map((each) => {
    const kind = byName.get(each.type);
    if (!kind) throw new Error(`no destination type is called ${JSON.stringify(each.type)}`);
    return kind.create(each, context);
  });
}
