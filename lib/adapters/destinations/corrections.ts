import type { DestinationConfig } from './destination-config.ts';
import { kindConfigs } from './kind-configs.ts';

/** What becomes, at each destination, of what it was told by an attribution that was wrong; a sentence each. */
export function describeCorrections({ destinations }: { destinations: readonly DestinationConfig[] }) {
  return destinations.map((config) => {
    const kind = kindConfigs.find(({ type }) => type === config.type);
    return { destination: config.name, correction: kind?.correction?.(config) ?? toldEvents };
  });
}

const toldEvents = 'keeps the events it was told; later ones carry the new match';
