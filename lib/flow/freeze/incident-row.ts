import { incidentAttributes } from '../../domain/incident/incident-attributes.ts';
import { stayOf } from '../../domain/incident/state.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { dayAttributes } from '../../store/incidents/by-day.ts';
import type { ProcessDeps } from './deps.ts';
import { type Progress, progressAttributes } from './progress.ts';
import type { Pass } from './read-pass.ts';

/** The attributes of the incident's row: for people, from the fold; for the next worker, how far it has come. */
export function incidentRow(deps: Pick<ProcessDeps, 'config'>, progress: Progress, pass: Pass): Row {
  const row = { ...incidentFacts(deps, progress, pass), ...progressAttributes(progress), ...progress.cause };
  return { ...row, ...dayAttributes(pass.current.incident_id, { ...row, ...progress.causeAsked }) };
}

/** Those for people, but for its cause. */
export function incidentFacts(deps: Pick<ProcessDeps, 'config'>, progress: Progress, pass: Pass): Row {
  const stay = stayOf(pass.current)?.key;
  const match = progress.matches.find((known) => known.stay === stay);
  return {
    ...incidentAttributes(pass.current, deps.config, { envHeader: progress.envHeader || undefined }),
    imported: progress.imported || undefined,
    services: match?.services,
    team: match?.team,
    rule: match?.rule ?? 'none',
  };
}
