import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { single } from '../../domain/incident/environment.ts';
import { fingerprint } from '../../domain/matching/fingerprint.ts';
import type { Match } from '../../domain/matching/match.ts';
import type { PagerDutyRef } from '../../domain/pagerduty/reference.ts';
import { type Mapping, readMapping, writeMapping } from '../../store/mappings/mappings.ts';
import type { ProcessDeps } from './deps.ts';

export interface Judgement {
  match: Match;
  matched: boolean;
  /** Catalog generation, name settings, pin and name it was judged by. */
  judgedBy: string;
  /** The service as it was judged: under its newest known name. */
  service: PagerDutyRef;
  teams: PagerDutyRef[];
  /** Time of the event the service's name was taken from. */
  seenAt: string;
}

/**
 * The service under its newest known name: it may have been renamed after the event at hand, and an event may
 * leave out a name that is known.
 */
export function newest(service: PagerDutyRef, seenAt: string, mapping: Mapping | undefined) {
  const later = mapping?.seenAt !== undefined && mapping.seenAt > seenAt;
  const [first, second] = later ? [mapping, service] : [service, mapping];
  const name = first.name ?? second?.name;
  const url = first.url ?? second?.url;
  return {
    service: { id: service.id, ...(name ? { name } : {}), ...(url ? { url } : {}) },
    seenAt: later ? (mapping.seenAt ?? seenAt) : seenAt,
  };
}

export const isMatched = (match: Match): boolean => match.services.length > 0 || match.team !== undefined;

/** What the incident's own field says about its service, where the configuration names one. */
export function fieldOf(
  config: Pick<BridgeConfig, 'service_custom_field'>,
  customFields: Readonly<Record<string, unknown>>,
) {
  const name = config.service_custom_field;
  if (name === undefined) return {};
  const value = Object.hasOwn(customFields, name) ? single(customFields[name]) : undefined;
  return { customField: { name, ...(value === undefined ? {} : { value }) } };
}

/** Matches one PagerDuty service by pin and catalog as they are now. */
export async function judge(
  deps: ProcessDeps,
  service: PagerDutyRef,
  teams: PagerDutyRef[],
  eventAt: string,
  customFields: Readonly<Record<string, unknown>> = {},
): Promise<Judgement> {
  const mapping = await readMapping(deps.store, service.id);
  const known = newest(service, eventAt, mapping);
  const pin = mapping?.pin;
  const { match, generation } = await deps.matcher.match({
    service: known.service,
    teams,
    ...(pin ? { pin } : {}),
    ...fieldOf(deps.config, customFields),
  });
  return {
    match,
    matched: isMatched(match),
    judgedBy: fingerprint(generation, deps.config, pin, known.service.name),
    service: known.service,
    teams,
    seenAt: known.seenAt,
  };
}

/** Shows the judgement on the service's mapping row; `held` makes `sweep` watch the service. */
export async function showJudgement(
  deps: ProcessDeps,
  judgement: Judgement,
  incident: { id: string; at: string } | undefined,
  held: boolean,
): Promise<void> {
  await writeMapping(deps.store, {
    service: judgement.service,
    teams: judgement.teams,
    seenAt: judgement.seenAt,
    match: judgement.match,
    matchedAtMs: deps.clock.now(),
    held,
    ...(incident ? { incident } : {}),
  });
}

/** Whether pin, name and catalog are still those a held incident was judged by. */
export async function stillJudgedBy(
  deps: ProcessDeps,
  serviceId: string,
  judgedBy: string,
): Promise<boolean> {
  const [mapping, generation] = await Promise.all([
    readMapping(deps.store, serviceId),
    deps.matcher.currentGeneration(),
  ]);
  return fingerprint(generation, deps.config, mapping?.pin, mapping?.name) === judgedBy;
}
