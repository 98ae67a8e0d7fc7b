import { eventsStillDue } from '../../store/events/events.ts';
import { type Attributor, createAttributor } from './attribute-events.ts';
import type { ProcessDeps } from './deps.ts';
import type { Progress } from './progress.ts';
import { fullPass, incrementalPass, type Pass } from './read-pass.ts';
import { recordContext } from './recorded-facts.ts';

export interface Read {
  pass: Pass;
  attributor: Attributor;
  /** Earlier events are held, and nothing has changed about that. */
  stillHeld?: 'unmatched' | 'no_service_yet';
}

/** The part of the log that must be read: what came after the last fold, or all of it. */
export async function readUnfrozen(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  woken: string[],
  recovering: boolean,
): Promise<Read | undefined> {
  const { foldedThrough } = progress;
  const before = woken.filter((key) => foldedThrough !== undefined && key <= foldedThrough);
  const early = before.length > 0 && (await eventsStillDue(deps.store, incidentId, before)).length > 0;
  const whole = recovering || early || progress.wholeLog;
  if (!whole && !progress.backlog && !progress.rematch && !progress.outdated) {
    const pass = await incrementalPass(deps.store, incidentId, progress);
    const attributor = pass && createAttributor(deps, progress, pass);
    if (pass && attributor) {
      recordContext(progress, pass);
      if (!progress.held) return { pass, attributor };
      const newest = pass.unfrozen.at(-1);
      const attribution = newest && (await attributor.attribute({ ...newest, state: pass.current }));
      // Held events stand before the new ones: the whole log is read again only if they may go out now.
      if (attribution?.kind === 'held') return { pass, attributor, stillHeld: attribution.reason };
    }
  }
  const pass = await fullPass(deps.store, incidentId, progress);
  if (!pass) return undefined;
  recordContext(progress, pass);
  return { pass, attributor: createAttributor(deps, progress, pass) };
}
