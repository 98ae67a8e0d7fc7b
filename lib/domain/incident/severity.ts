import { mappedName } from './mapped-name.ts';
import type { IncidentSettings } from './settings.ts';
import type { IncidentState } from './state.ts';

/**
 * The priority's name, translated if the configuration lists it. Urgency is another thing and never stands in. Who
 * reports an incident says its severity itself.
 */
export function severityOf(
  state: Pick<IncidentState, 'priority' | 'reported'>,
  config: Pick<IncidentSettings, 'severity'>,
): string | undefined {
  const { severity } = state.reported?.facts ?? {};
  if (severity !== undefined) return severity;
  if (state.priority === undefined) return undefined;
  return mappedName(config.severity, state.priority) ?? state.priority;
}
