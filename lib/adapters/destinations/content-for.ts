import type { Content } from '../../domain/destination/content.ts';
import type { DestinationConfig } from './destination-config.ts';

/** What the destination of this name is to get, as configured now; everything, if nothing says otherwise. */
export function contentFor(config: { destinations: DestinationConfig[] }, name: string): Content {
  return config.destinations.find((destination) => destination.name === name)?.content ?? 'full';
}
