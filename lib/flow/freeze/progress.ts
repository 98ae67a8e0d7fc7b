import type { IncidentState } from '../../domain/incident/state.ts';
import { upgradeState } from '../../domain/incident/upgrade-state.ts';
import { type Standing, standingAfter } from '../../domain/incident-filter/choose.ts';
import type { Match, RuleName } from '../../domain/matching/match.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';

/** The match of one stay, written once: from then on the stay's start and end carry the same identity. */
export interface RecordedMatch {
  /** `<PagerDuty service id>#<ordinal of the visit>` */
  stay: string;
  rule: RuleName;
  services: string[];
  /** What Datadog calls them, where that differs. */
  datadog_services?: string[];
  team?: string;
  datadog_team?: string;
  explanation: string;
  matched_at: string;
}

/** How far an incident has come: what its row keeps beside the attributes for people. */
export interface Progress {
  state?: IncidentState;
  /** It was folded by a release that knew less: it is folded anew, as far as the log still reaches back. */
  outdated: boolean;
  /** Log key of the last event that was folded. */
  foldedThrough?: string;
  /** Highest log key among the frozen events. */
  frozenThrough?: string;
  lastSequence: number;
  /** Names of all destinations that were ever owed one of its events. */
  destinations: string[];
  /** Those among them that leave the incident out so far; see domain/incident-filter/choose.ts. */
  leftOut: string[];
  /** Destinations that were given the incident by hand: it counts for them whatever it is like. */
  countedFor: string[];
  eventCount: number;
  matches: RecordedMatch[];
  /** The row's attributes of what caused it; see flow/links. */
  cause: Row;
  /** Those of them that others write: what a person said, how often somebody asked for a new judgement. */
  causeAsked: Row;
  /** Of the incident's first processed event; an empty text when it came without. */
  envHeader?: string;
  subscriptions: string[];
  held: boolean;
  heldReason?: string | undefined;
  heldJudgedBy?: string;
  /** Events remain to be frozen although nothing holds them: the last worker ran out of time. */
  backlog: boolean;
  /** Some of its events were imported: a webhook may be the twin of any, so the log is always folded as a whole. */
  wholeLog: boolean;
  /** … as history. */
  imported: boolean;
  /** A person has asked for a new match of the current stay. */
  rematch: boolean;
  /** It was made; a request that came meanwhile must stay on the row. */
  rematched: boolean;
  /** Destinations that hold a picture of the incident are to be shown it with its match of now. */
  resend: boolean;
  resent: boolean;
  forwarding?: string;
  /** When PagerDuty was asked for it, since no event had told its service. */
  askedAt?: string;
  /** Something was frozen since the row was read. */
  frozenNow: boolean;
}

/**
 * Raised when the fold's meaning changes: rows of an earlier version are folded anew from the log, and go on from
 * what they knew where the beginning of the log has expired.
 */
export const foldVersion = 2;
/** A stay needs its match while events of it can still come late; older ones are let go. */
const matchesKept = 30;
/** The names of a reported incident may be many and long, and the row must stay below DynamoDB's 400 KB. */
const givenKept = 2;

export function toProgress(row: Row): Progress {
  const text = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const version = Number(row['fold_version'] ?? 0);
  const fold = version >= 1 && version <= foldVersion ? text('fold') : undefined;
  const foldedThrough = text('folded_through');
  const frozenThrough = text('frozen_through');
  const envHeader = text('env_header');
  const heldJudgedBy = text('held_judged_by');
  const forwarding = text('forwarding');
  const heldReason = text('held_reason');
  const askedAt = text('pagerduty_asked_at');
  return {
    lastSequence: Number(row['last_sequence'] ?? 0),
    eventCount: Number(row['event_count'] ?? 0),
    destinations: (row['destinations'] as string[] | undefined) ?? [],
    leftOut: (row['left_out_by'] as string[] | undefined) ?? [],
    countedFor: row['counted_for'] instanceof Set ? [...row['counted_for']].map(String) : [],
    matches: (row['matches'] as RecordedMatch[] | undefined) ?? [],
    ...causeIn(row),
    subscriptions: row['subscription_ids'] instanceof Set ? [...row['subscription_ids']] : [],
    held: row['held_reason'] !== undefined,
    backlog: row['backlog'] === true,
    wholeLog: row['whole_log'] === true,
    imported: row['imported'] === true,
    rematch: row['rematch_requested'] === true,
    rematched: false,
    resend: row['resend_requested'] === true,
    resent: false,
    frozenNow: false,
    outdated: version < foldVersion,
    ...(fold && foldedThrough ? { state: readState(fold, version), foldedThrough } : {}),
    ...(frozenThrough ? { frozenThrough } : {}),
    ...(envHeader === undefined ? {} : { envHeader }),
    ...(heldJudgedBy ? { heldJudgedBy } : {}),
    ...(forwarding ? { forwarding } : {}),
    ...(askedAt ? { askedAt } : {}),
    ...(heldReason ? { heldReason } : {}),
  };
}

const causeNames = [
  'cause_rule',
  'cause_explanation',
  'cause_deployment_id',
  'cause_deployment',
  'cause_judged_by',
  'cause_answered',
] as const;

export function causeIn(row: Row): Pick<Progress, 'cause' | 'causeAsked'> {
  const { cause_said, cause_asked } = row;
  return {
    cause: Object.fromEntries(causeNames.map((name) => [name, row[name]])),
    causeAsked: { cause_said, cause_asked },
  };
}

function readState(fold: string, version: number): IncidentState {
  const state = JSON.parse(fold) as IncidentState;
  return version === 1 ? upgradeState(state) : state;
}

/** Whether events that are not frozen yet may be without due marks, or about to lose them: they were held. */
export const hasUnmarked = (progress: Progress): boolean => progress.held || progress.backlog;

export function progressAttributes(progress: Progress): Row {
  return {
    fold: JSON.stringify(progress.state),
    fold_version: foldVersion,
    folded_through: progress.foldedThrough,
    frozen_through: progress.frozenThrough,
    last_sequence: progress.lastSequence,
    destinations: progress.destinations,
    counted_for: progress.countedFor.length ? new Set(progress.countedFor) : undefined,
    left_out_by: progress.leftOut.length ? progress.leftOut : undefined,
    matches: progress.matches,
    env_header: progress.envHeader,
    subscription_ids: progress.subscriptions.length ? new Set(progress.subscriptions) : undefined,
    backlog: progress.backlog || undefined,
    whole_log: progress.wholeLog || undefined,
    ...(progress.rematched ? { rematch_requested: undefined } : {}),
    ...(progress.resent ? { resend_requested: undefined } : {}),
  };
}

/** Takes note of an event that is frozen under the next sequence. */
export function noteFrozen(
  progress: Progress,
  frozen: {
    sequence: number;
    logKey: string;
    destinations: readonly string[];
    leftOut: readonly string[];
  },
): void {
  progress.frozenNow = true;
  progress.lastSequence = Math.max(progress.lastSequence, frozen.sequence);
  if (!progress.frozenThrough || frozen.logKey > progress.frozenThrough)
    progress.frozenThrough = frozen.logKey;
  const { owed, leftOut } = standingAfter(standingOf(progress), frozen);
  progress.destinations = [...owed];
  progress.leftOut = [...leftOut];
}

export const standingOf = ({ destinations, leftOut, countedFor }: Progress): Standing => ({
  owed: [...destinations, ...countedFor],
  leftOut: leftOut.filter((name) => !countedFor.includes(name)),
});

export function recordMatch(
  progress: Progress,
  stay: string,
  match: Omit<Match, 'trace'>,
  atMs: number,
): RecordedMatch {
  const recorded: RecordedMatch = {
    stay,
    rule: match.rule,
    services: match.services,
    explanation: match.explanation,
    matched_at: iso(atMs),
    ...(match.datadog_services === undefined ? {} : { datadog_services: match.datadog_services }),
    ...(match.team === undefined ? {} : { team: match.team }),
    ...(match.datadog_team === undefined ? {} : { datadog_team: match.datadog_team }),
  };
  const others = progress.matches.filter((known) => known.stay !== stay);
  progress.matches = [...others, recorded].slice(match.rule === 'given' ? -givenKept : -matchesKept);
  return recorded;
}
