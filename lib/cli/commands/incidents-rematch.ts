import { describeCorrections } from '../../adapters/destinations/corrections.ts';
import { cell, count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { single } from '../../domain/incident/environment.ts';
import { askForRematch } from '../../flow/freeze/ask-for-rematch.ts';
import { createMatcher } from '../../store/catalog/matcher.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { eachIncident } from '../../store/incidents/list.ts';
import { readMapping } from '../../store/mappings/mappings.ts';
import { configOf } from '../config-file.ts';
import { incidentKey } from '../incident-key.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { likeService, serviceIdOf } from '../pagerduty-service.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

export interface RematchOptions extends TargetOptions {
  service?: string;
  since?: string;
  resend?: true;
  dryRun?: true;
  config?: string;
  json?: true;
}

/** Has one incident, or those of a service or a time, matched again; the bridge does it with the next sweep. */
export async function rematch(id: string | undefined, options: RematchOptions, io: Io): Promise<void> {
  const { since, resend, dryRun } = options;
  const service = options.service === undefined ? undefined : serviceIdOf(options.service);
  if ((id === undefined) === (service === undefined && since === undefined))
    throw wrongUsage(
      id === undefined
        ? 'Which incidents? Give an id, or --service and/or --since.'
        : 'Give an id, or --service and/or --since, not both.',
    );
  const sinceMs = since === undefined ? undefined : Date.parse(since);
  if (Number.isNaN(sinceMs))
    throw wrongUsage(`--since is not a time: "${since}". Write 2026-03-01 or 2026-03-01T09:00Z.`);
  const corrections = resend ? describeCorrections(await configOf(options, io)) : [];
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const found = id === undefined ? await chosen(store, service, sinceMs) : await one(store, id);
  if (service !== undefined && found.length === 0) await refuseUnknown(store, service);
  const rows = found.filter((row) => row['external_id'] === undefined);
  const given = found.length - rows.length;
  if (id !== undefined && given > 0) throw failed('given_rule', `Incident ${id} ${saysItself}`);
  if (dryRun) return showChanges(store, rows, options, io);

  const asked: string[] = [];
  const expired: string[] = [];
  for (const row of rows) {
    const incidentId = String(row['incident_id']);
    const done = await askForRematch(store, incidentId, io.now(), resend === true);
    (done ? asked : expired).push(incidentId);
  }
  if (id !== undefined && asked.length === 0) throw notMatchable(id, rows[0]);
  if (options.json) {
    return printJson(io, { rematch_requested: asked, expired, ...(resend ? { corrections } : {}) });
  }
  const which = id ?? count(asked.length, 'incident');
  const verb = asked.length === 1 ? 'is' : 'are';
  const rest = resend ? '' : '; what was sent stays as it was sent';
  io.out(`${which} ${verb} matched again with the next sweep${rest}.\n`);
  if (expired.length > 0)
    io.out(
      `${count(expired.length, 'incident')} cannot be: their events have expired, or none of them names a service.\n`,
    );
  if (given > 0) io.out(`${count(given, 'reported incident')} left alone: each ${saysItself}\n`);
  for (const { destination, correction } of corrections) io.out(`${destination}: ${correction}\n`);
}

async function one(store: Store, id: string): Promise<Row[]> {
  const row = await readIncident(store, await incidentKey(store, id));
  if (!row) throw notFound(id);
  return [row];
}

async function chosen(
  store: Store,
  service: string | undefined,
  sinceMs: number | undefined,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of eachIncident(store)) {
    if (service !== undefined && row['pagerduty_service_id'] !== service) continue;
    const startedAt = Date.parse(String(row['started_at'] ?? row['last_event_at'] ?? ''));
    if (sinceMs !== undefined && !(startedAt >= sinceMs)) continue;
    rows.push(row);
  }
  return rows.sort((a, b) => (String(a['started_at']) < String(b['started_at']) ? -1 : 1));
}

const whose = (services: unknown, team: unknown): string =>
  [...(Array.isArray(services) ? services : []), ...(team ? [`team ${team}`] : [])].join(', ') || 'nobody';

async function showChanges(store: Store, rows: readonly Row[], options: RematchOptions, io: Io) {
  const config = await configOf(options, io);
  const matcher = createMatcher(store, config);
  const changes: Change[] = [];
  for (const row of rows) {
    const serviceId = cell(row, 'pagerduty_service_id');
    if (serviceId === undefined) continue;
    const [name, url] = [cell(row, 'pagerduty_service_name'), cell(row, 'pagerduty_service_url')];
    const teams = (row['pagerduty_teams'] as string[] | undefined) ?? [];
    const pin = (await readMapping(store, serviceId))?.pin;
    const { match } = await matcher.match({
      service: { id: serviceId, ...(name && { name }), ...(url && { url }) },
      teams: teams.map((team) => ({ id: team, name: team })),
      ...(pin && { pin }),
      ...fieldOf(config, row),
    });
    const is = whose(row['services'], row['team']);
    const wouldBe = whose(match.services, match.team);
    if (is !== wouldBe) changes.push({ incident_id: String(row['incident_id']), is, would_be: wouldBe });
  }
  if (options.json) return printJson(io, { dry_run: true, incidents: rows.length, changes });
  if (changes.length > 0) io.out(renderTable(columns, changes, io.columns));
  io.out(
    `${changes.length} of ${count(rows.length, 'incident')} would change. Nothing was changed (--dry-run).\n`,
  );
}

interface Change {
  incident_id: string;
  is: string;
  would_be: string;
}

/** What the incident's own field says about its service, where the configuration names one. */
function fieldOf({ service_custom_field: name }: { service_custom_field?: string }, row: Row) {
  if (name === undefined) return {};
  const value = single((row['custom_fields'] as Row | undefined)?.[name]);
  return { customField: { name, ...(value === undefined ? {} : { value }) } };
}

const columns = [
  { title: 'INCIDENT', cell: (change: Change) => change.incident_id, whole: true as const },
  { title: 'BELONGS TO', cell: (change: Change) => change.is },
  { title: 'WOULD BELONG TO', cell: (change: Change) => change.would_be },
];

const saysItself =
  'says itself whose it is (rule given), so there is nothing to match; a report that names other services or another team changes it.';

/** A slip in the id would look like a service that had no incidents. */
async function refuseUnknown(store: Store, service: string): Promise<void> {
  if (await readMapping(store, service)) return;
  throw failed(
    'not_found',
    `No PagerDuty service ${service} has been seen yet.${await likeService(store, service)} --service takes its id or address.`,
  );
}

function notMatchable(id: string, row: Row | undefined) {
  const why =
    row?.['pagerduty_service_id'] === undefined
      ? 'none of its events has named a service yet, so there is nothing to match; the next one that does is matched by itself'
      : 'its events have expired, and what was matched then stays';
  return failed('not_matchable', `${id} cannot be matched again: ${why}.`);
}

const notFound = (id: string) =>
  failed('not_found', `There is no incident ${id}. \`pdbridge incidents ls\` lists them.`);
