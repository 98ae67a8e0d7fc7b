import type { DestinationConfig } from './destination-config.ts';
import { formatNamed } from './formats/formats.ts';
import { kindConfigs } from './kind-configs.ts';

/**
 * Whether the receiver takes an incident for a failure with a start and an end: then `counts` holds for it, and it
 * must be told of every end.
 */
export function tellsFailures({ type, format }: DestinationConfig): boolean {
  const kind = kindConfigs.find((each) => each.type === type);
  return kind?.tellsFailures === true || formatNamed(format as string | undefined).tellsFailures === true;
}
