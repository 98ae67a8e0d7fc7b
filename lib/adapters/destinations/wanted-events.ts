import type { Takes } from '../../domain/destination/destination.ts';

/** `deployment.*` in a list of event types stands for every type that begins so. */
const names = (entry: string, type: string): boolean =>
  entry.endsWith('.*') ? type.startsWith(entry.slice(0, -1)) : entry === type;

const ofDeployments = 'deployment.';

/** Whether a destination with this `events` is sent events of the type; without one all but deployments. */
export function isWanted(events: readonly string[] | undefined, type: string): boolean {
  return events?.some((entry) => names(entry, type)) ?? !type.startsWith(ofDeployments);
}

/** What a destination with this `events` is owed at all: what it never takes leaves no rows. */
export function takesOf(events: readonly string[] | undefined): Takes {
  const told = (wanted: boolean) => events?.some((entry) => entry.startsWith(ofDeployments) === wanted);
  return { deployments: told(true) ?? false, incidents: told(false) ?? true };
}
