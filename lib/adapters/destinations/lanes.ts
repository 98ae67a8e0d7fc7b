import type { DestinationConfig } from './destination-config.ts';
import { kindConfigs } from './kind-configs.ts';

/**
 * The destinations as deliveries know them: a kind that tells its receiver of one incident in several ways has a lane
 * for each, under a name of its own (`datadog.events`), so that none waits for another or ends with it. Lanes stand
 * behind all that the file names, whose places stay what they are. A name in the file has no dot.
 */
export function withLanes(configured: readonly DestinationConfig[]): DestinationConfig[] {
  const lanes = configured.flatMap((each) => {
    const kind = kindConfigs.find(({ type }) => type === each.type);
    return (kind?.lanes?.(each) ?? []).map((lane) => ({ ...each, name: `${each.name}.${lane}`, lane }));
  });
  return [...configured, ...lanes];
}
