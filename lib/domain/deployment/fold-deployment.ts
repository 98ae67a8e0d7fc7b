import { importedSource } from '../subject/imported-source.ts';
import type { DeploymentReport, DeploymentStatus, Remediation, ToldLink } from './deployment-report.ts';
import { type LeadTime, sameQuestion } from './lead-time/lead-time.ts';
import type { Entry } from './read-entries.ts';

/** What the log says of one deployment, before anything of it is looked up or compared. */
export interface Told {
  external_id?: string | undefined;
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  version?: string | undefined;
  commit_sha?: string | undefined;
  repository_url?: string | undefined;
  repository_id?: string | undefined;
  status: DeploymentStatus;
  started_at?: string | undefined;
  finished_at?: string | undefined;
  custom_tags: string[];
  /** In the order in which they were first heard. */
  sources: string[];
  change_failure?: boolean | undefined;
  remediation?: Remediation | undefined;
  ran_before?: boolean | undefined;
  /** As in a report. */
  detected_by?: string | undefined;
  deleted_at?: string | undefined;
  /** What was measured, for each pair of commits that it was asked for. */
  lead_times?: LeadTime[] | undefined;
  /** What incidents say of it, one each, by their ids. */
  links?: ToldLink[] | undefined;
  first_received_at: string;
  last_received_at: string;
}

const facts = [
  'external_id',
  'service',
  'team',
  'env',
  'version',
  'commit_sha',
  'repository_url',
  'repository_id',
  'started_at',
  'finished_at',
] as const satisfies (keyof DeploymentReport)[];

/**
 * Of facts told twice the one received last holds; one that was told is never forgotten. A function of the set of
 * events: neither their order nor their repetition matters. `before` is what is known of a log whose beginning has
 * expired. Undefined while nobody has reported the deployment, such as when a verdict on it came first.
 */
export function foldDeployment(entries: readonly Entry[], before?: Told): Told | undefined {
  const all = [...new Map(entries.map((entry) => [entry.eventId, entry])).values()];
  const isReadBack = (entry: Entry) => entry.kind === 'patched' && entry.patch.source === importedSource;
  // A verdict that was given here stands, whenever another one is read back.
  const given = all.some((entry) => entry.kind === 'patched' && !isReadBack(entry));
  const unique = given ? all.filter((entry) => !isReadBack(entry)) : all;
  return unique.sort(byReceipt).reduce<Fold>(add, { told: before, verdicts: [] }).told;
}

interface Fold {
  told: Told | undefined;
  /** Received before any report. */
  verdicts: Exclude<Entry, { kind: 'reported' }>[];
}

function add({ told, verdicts }: Fold, entry: Entry): Fold {
  if (entry.kind === 'reported') {
    const reported = withReport(told, entry.report, entry.receivedAt);
    return { told: verdicts.reduce(withVerdict, reported), verdicts: [] };
  }
  return told ? { told: withVerdict(told, entry), verdicts } : { told, verdicts: [...verdicts, entry] };
}

function withReport(told: Told | undefined, report: DeploymentReport, receivedAt: string): Told {
  const next: Told = {
    ...(told ?? { first_received_at: receivedAt, custom_tags: [], sources: [] }),
    status: report.status,
    last_received_at: receivedAt,
  };
  if (report.detected_by !== undefined) next.detected_by = report.detected_by;
  if (told && report.source === importedSource && isToldHere(told)) return filledIn(next, told, report);
  for (const name of facts) if (report[name] !== undefined) next[name] = report[name];
  if (report.ran_before) next.ran_before = true;
  if (report.custom_tags.length > 0) next.custom_tags = report.custom_tags;
  if (!next.sources.includes(report.source)) next.sources = [...next.sources, report.source];
  // Who knows less speaks later, when messages overtake each other: what is over does not begin again.
  if (report.status === 'in_progress' && told && told.status !== 'in_progress') next.status = told.status;
  return next;
}

const isToldHere = ({ sources }: Told): boolean => sources.some((source) => source !== importedSource);

/** What was read back says nothing against who told it here. */
function filledIn(next: Told, told: Told, report: DeploymentReport): Told {
  for (const name of facts)
    if (told[name] === undefined && report[name] !== undefined) next[name] = report[name];
  const custom_tags = told.custom_tags.length > 0 ? told.custom_tags : report.custom_tags;
  return { ...next, status: told.status, custom_tags };
}

function withVerdict(told: Told, entry: Exclude<Entry, { kind: 'reported' }>): Told {
  // Nobody has reported anything: the bridge has asked.
  if (entry.kind === 'measured') return withLeadTime(told, entry.leadTime);
  if (entry.kind === 'linked') return { ...told, links: withLink(told.links ?? [], entry.link) };
  const next = { ...told, last_received_at: later(told.last_received_at, entry.receivedAt) };
  if (entry.kind === 'deleted') return { ...next, deleted_at: told.deleted_at ?? entry.receivedAt };
  const { change_failure, remediation } = entry.patch;
  if (change_failure !== undefined) next.change_failure = change_failure;
  if (remediation !== undefined) next.remediation = remediation;
  // Stable again: nothing is left to put right.
  if (change_failure === false) next.remediation = undefined;
  return next;
}

/** Asked once: of two answers to one question the first holds. */
function withLeadTime(told: Told, measured: LeadTime): Told {
  const { lead_times = [] } = told;
  if (lead_times.some((known) => sameQuestion(known, measured))) return told;
  return { ...told, lead_times: [...lead_times, measured] };
}

/** Also what stands no longer is kept: something older may come later. */
function withLink(links: readonly ToldLink[], link: ToldLink): ToldLink[] {
  const known = links.find(({ incident_id }) => incident_id === link.incident_id);
  if (known && known.revision >= link.revision) return [...links];
  const others = links.filter((each) => each !== known);
  return [...others, link].sort((a, b) => (a.incident_id < b.incident_id ? -1 : 1));
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** At the same millisecond by id, so that any machine has the same order. */
const byReceipt = (a: Entry, b: Entry): number =>
  a.receivedAt === b.receivedAt ? (a.eventId < b.eventId ? -1 : 1) : a.receivedAt < b.receivedAt ? -1 : 1;
