import { count } from '../adapters/terminal/plain.ts';
import { countReleased, type Released } from '../flow/freeze/count-released.ts';
import { plannedMatcher } from '../store/catalog/planned-matcher.ts';
import type { PushPlan } from '../store/catalog/push-plan.ts';
import type { Store } from '../store/database/dynamo.ts';
import { configOf } from './config-file.ts';
import type { Io } from './io.ts';

/** How many held incidents a push would set free, judged by how the target's configuration compares names. */
export async function releasedBy(
  plan: PushPlan,
  store: Store,
  options: { config?: string },
  io: Io,
): Promise<Released> {
  const config = await configOf(options, io);
  return countReleased(store, await plannedMatcher(store, plan, config), config);
}

export function showReleased({ incidents, held, more }: Released): string {
  if (held === 0) return 'No incident is held.\n';
  const of = `${count(held, 'held incident')}${more ? ' that were looked at (more are held)' : ''}`;
  return `Of ${of}, ${incidents} would match then and go out.\n`;
}

export const machineReadableReleased = ({ incidents, held, more }: Released) => ({
  held_incidents: held,
  would_match: incidents,
  more_are_held: more,
});
