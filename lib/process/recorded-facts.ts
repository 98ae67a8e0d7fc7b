import { stayOf } from '../incident/state.ts';
import type { Outgoing } from '../store/outgoing.ts';
import type { ProcessDeps } from './deps.ts';
import { noteFrozen, type Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';

/** A worker that died had frozen this already: what it decided stands. */
export function adopt(progress: Progress, frozen: Outgoing): void {
  noteFrozen(progress, frozen);
  progress.envHeader ??= frozen.envHeader ?? '';
  const { services = [], team, match } = frozen.incidentEvent;
  if (frozen.skipped || progress.matches.some((known) => known.stay === frozen.stay)) return;
  progress.matches.push({
    stay: frozen.stay,
    rule: match.rule,
    services,
    explanation: match.explanation,
    matched_at: frozen.frozenAt,
    ...(team === undefined ? {} : { team }),
  });
}

/** Records what depends on how the first event came, and forgets the match a person wants made again. */
export function recordContext(progress: Progress, pass: Pass): void {
  const [first] = pass.unfrozen;
  if (first) progress.envHeader ??= first.event.envHeader ?? '';
  if (!progress.rematch) return;
  const stay = stayOf(pass.current)?.key;
  progress.matches = progress.matches.filter((match) => match.stay !== stay);
  progress.rematch = false;
  progress.rematched = true;
}

/** Two subscriptions that deliver the same incident are a mistake in PagerDuty's configuration worth a warning. */
export function noteSubscriptions(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  pass: Pass,
): void {
  for (const { event } of pass.unfrozen) {
    const { subscriptionId } = event;
    if (!subscriptionId || progress.subscriptions.includes(subscriptionId)) continue;
    progress.subscriptions = [...progress.subscriptions, subscriptionId].slice(0, 5);
    if (progress.subscriptions.length === 1) continue;
    deps.telemetry.warn('two webhook subscriptions deliver the same incident; remove one of them', {
      incident_id: incidentId,
      subscription_ids: progress.subscriptions,
    });
  }
}
