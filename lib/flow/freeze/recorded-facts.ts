import { stayOf } from '../../domain/incident/state.ts';
import { incidentEventOf, type Outgoing } from '../../store/outgoing/outgoing.ts';
import type { ProcessDeps } from './deps.ts';
import { noteFrozen, type Progress, type RecordedMatch } from './progress.ts';
import type { Pass } from './read-pass.ts';

/**
 * Takes over what was frozen already, in the order of its sequence: by a worker that died, or before the row was
 * lost. What the row has recorded of a stay stands; where it has nothing, the newest does, because a person may
 * have had the stay matched again meanwhile.
 */
export function adopt(progress: Progress, frozen: readonly Outgoing[]): void {
  const recorded = new Set(progress.matches.map(({ stay }) => stay));
  for (const outgoing of frozen) {
    noteFrozen(progress, outgoing);
    // History comes without headers, and says nothing of what webhooks will come with.
    if (incidentEventOf(outgoing).imported !== true) progress.envHeader ??= outgoing.envHeader ?? '';
    if (outgoing.skipped || recorded.has(outgoing.stay)) continue;
    const others = progress.matches.filter(({ stay }) => stay !== outgoing.stay);
    progress.matches = [...others, frozenMatch(outgoing)];
  }
}

function frozenMatch(outgoing: Outgoing): RecordedMatch {
  const { stay, frozenAt } = outgoing;
  const { services = [], team, match } = incidentEventOf(outgoing);
  return {
    stay,
    rule: match.rule,
    services,
    explanation: match.explanation,
    matched_at: frozenAt,
    ...(match.datadog_services === undefined ? {} : { datadog_services: match.datadog_services }),
    ...(team === undefined ? {} : { team }),
    ...(match.datadog_team === undefined ? {} : { datadog_team: match.datadog_team }),
  };
}

/** A webhook in whose place history is frozen. */
const webhookTwin = ({ twins }: Pass) => twins.find(({ releases }) => releases !== undefined);

/** Records what depends on how the first event came, and forgets the match a person wants made again. */
export function recordContext(progress: Progress, pass: Pass): void {
  const first = pass.unfrozen.find(({ event }) => event.imported === undefined)?.event ?? webhookTwin(pass);
  if (first) progress.envHeader ??= first.envHeader ?? '';
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
  for (const { subscriptionId } of [...pass.unfrozen.map(({ event }) => event), ...pass.twins]) {
    if (!subscriptionId || progress.subscriptions.includes(subscriptionId)) continue;
    progress.subscriptions = [...progress.subscriptions, subscriptionId].slice(0, 5);
    if (progress.subscriptions.length === 1) continue;
    deps.telemetry.warn('two webhook subscriptions deliver the same incident; remove one of them', {
      incident_id: incidentId,
      subscription_ids: progress.subscriptions,
    });
  }
}
