import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { Match, MatchInput } from '../../domain/matching/match.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { heldIncidents, readIncident } from '../../store/incidents/incidents.ts';
import { heldServices, readMapping } from '../../store/mappings/mappings.ts';
import { fieldOf, isMatched, newest } from './judge.ts';
import { toProgress } from './progress.ts';

/** Stands before and after nothing: every judgement differs from it. */
const anyJudgement = '#';
const most = 1000;

export interface Released {
  /** Held incidents that would match. */
  incidents: number;
  held: number;
  /** More are held than were looked at. */
  more: boolean;
}

/** How many held incidents another catalog would set free, each judged by where it is now. Changes nothing. */
export async function countReleased(
  store: Store,
  match: (input: MatchInput) => Promise<Match>,
  config: Pick<BridgeConfig, 'service_custom_field'>,
): Promise<Released> {
  const released: Released = { incidents: 0, held: 0, more: false };
  for (const { serviceId } of await heldServices(store)) {
    const mapping = await readMapping(store, serviceId);
    for (const { incidentId } of await heldIncidents(store, serviceId, anyJudgement, most)) {
      if (released.held >= most) return { ...released, more: true };
      const row = await readIncident(store, incidentId);
      const { state, held } = toProgress(row ?? {});
      if (!held || state?.service === undefined) continue;
      released.held += 1;
      const { service } = newest(state.service, state.last_event_at ?? '', mapping);
      const pin = mapping?.pin;
      const found = await match({
        service,
        teams: state.teams,
        ...(pin ? { pin } : {}),
        ...fieldOf(config, state.custom_fields),
      });
      if (isMatched(found)) released.incidents += 1;
    }
  }
  return released;
}
