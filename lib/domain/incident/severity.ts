import { mappedName } from './mapped-name.ts';
import type { IncidentSettings } from './settings.ts';
import type { IncidentState } from './state.ts';

/** The priority's name, translated if the configuration lists it. Urgency is another thing and never stands in. */
export function severityOf(
  state: Pick<IncidentState, 'priority'>,
  config: Pick<IncidentSettings, 'severity'>,
): string | undefined {
  if (state.priority === undefined) return undefined;
  return mappedName(config.severity, state.priority) ?? state.priority;
}
