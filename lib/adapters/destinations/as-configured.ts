import type { DestinationConfig } from './destination-config.ts';

/** Those that the file names, and no lanes (lanes.ts): each thing is said of once. Loads no schemas. */
export const asConfigured = (destinations: readonly DestinationConfig[]): DestinationConfig[] =>
  destinations.filter(({ lane }) => lane === undefined);
