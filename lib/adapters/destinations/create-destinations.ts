import type { Destination, Takes } from '../../domain/destination/destination.ts';
import type { DestinationConfig } from './destination-config.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import { kinds } from './kinds.ts';
import { takesOf } from './wanted-events.ts';

const byName = new Map<string, DestinationKind>(Object.entries(kinds));

/** The configured destinations, in the order of the configuration. */
export function createDestinations(
  config: { destinations: readonly DestinationConfig[] },
  context: DestinationContext,
): Destination[] {
  return config.destinations.map((each) => {
    const kind = byName.get(each.type);
    if (!kind) throw new Error(`no destination type is called ${JSON.stringify(each.type)}`);
    return { ...kind.create(each, context), takes: takesBy(each) };
  });
}

/** What a destination of this configuration is told of. */
export function takesBy(config: DestinationConfig): Takes {
  return byName.get(config.type)?.takes?.(config) ?? takesOf(config.events);
}
