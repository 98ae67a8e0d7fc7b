import {
  type CatalogEntry,
  type CatalogService,
  type CatalogTeam,
  otherNames,
  type SourceFormat,
} from '../catalog/entry.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import { showServiceRef } from '../pagerduty/service-url.ts';
import { aliasLine, linesFor } from './fix-lines.ts';
import { serviceRefOf } from './lookup-keys.ts';
import type { MatchInput } from './match.ts';
import { pinCommand } from './pin-command.ts';
import { shareOf, similarity } from './similarity.ts';

/** Below this, a likeness is an accident. */
const lowestScore = 0.5;
const most = 3;
/** What a name is worth at least whose words all occur in PagerDuty's. */
const contained = 0.6;
/** A service of a team that the incident names is more likely to be meant than its namesakes. */
const sameTeamBonus = 0.1;
/** From here on, two team names are taken for one. */
const alikeTeams = 0.8;

export interface Suggestion {
  type: 'service' | 'team';
  name: string;
  team?: string;
  /** From 0 to 1: how alike the names are. */
  score: number;
  /** The PagerDuty name that is like it. */
  likeName: string;
  format: SourceFormat;
  /** For a service: the lines that, added to its definition, make rule 1 decide; or to bridge.yml, see `fixIn`. */
  fix?: string;
  /** Where the lines belong, if not into the definition: it has the id already, on another account. */
  fixIn?: 'bridge.yml';
  /** The command that decides for it by hand instead. */
  pin?: string;
}

/**
 * The catalog's nearest services and teams, for a person to choose from; suggestions never decide a match.
 * `catalog` is all of it, with the teams that services imply.
 */
export function suggest(input: MatchInput, catalog: readonly CatalogEntry[]): Suggestion[] {
  const serviceNames = namesOf([input.service.name]);
  const teamNames = namesOf([...input.teams.map((team) => team.name), input.service.name]);
  const services = new Map<string, Suggestion>();
  const teams = new Map<string, Suggestion>();
  for (const entry of catalog) {
    if (entry.type === 'service' && onOtherAccount(entry, input)) {
      const likeName = entry.pagerduty ? showServiceRef(entry.pagerduty) : '';
      better(services, serviceSuggestion(entry, { score: 1, likeName }, input));
    } else if (entry.type === 'service') {
      better(
        services,
        nearest(serviceNames, entry, (found) => serviceSuggestion(entry, found, input)),
      );
    } else
      better(
        teams,
        nearest(teamNames, entry, (found) => teamSuggestion(entry, found, input.service)),
      );
  }
  return [...best(services), ...best(teams)];
}

interface Likeness {
  score: number;
  likeName: string;
}

function nearest(
  names: readonly string[],
  entry: CatalogEntry,
  suggestion: (found: Likeness) => Suggestion,
): Suggestion | undefined {
  const known =
    entry.type === 'service' ? [entry.name, ...otherNames(entry)] : [entry.name, ...entry.aliases];
  let found: Likeness = { score: 0, likeName: '' };
  for (const likeName of names) {
    const score = Math.max(...known.map((name) => likeness(name, likeName)));
    if (score > found.score) found = { score, likeName };
  }
  return found.score < lowestScore ? undefined : suggestion(found);
}

/** A service that is configured with this id, on another account than the incident's. */
function onOtherAccount({ pagerduty }: CatalogService, { service }: MatchInput): boolean {
  return pagerduty !== undefined && pagerduty.id === serviceRefOf(service)?.id;
}

function likeness(name: string, pagerDutyName: string): number {
  const share = shareOf(pagerDutyName, name);
  const part = share === 0 ? 0 : contained + 0.3 * share;
  return Math.max(similarity(name, pagerDutyName), Math.round(100 * part) / 100);
}

function serviceSuggestion(service: CatalogService, found: Likeness, input: MatchInput): Suggestion {
  const { name, team, format } = service;
  const fix = fixFor(service, input);
  const pin = pinCommand(input.service, { service: name, team });
  const named = input.teams.some((each) => similarity(each.name ?? '', team ?? '') >= alikeTeams);
  const score = Math.round(100 * Math.min(1, found.score + (named ? sameTeamBonus : 0))) / 100;
  return {
    type: 'service',
    name,
    ...(team === undefined ? {} : { team }),
    ...found,
    score,
    format,
    ...fix,
    ...(pin === undefined ? {} : { pin }),
  };
}

function fixFor(service: CatalogService, input: MatchInput): Pick<Suggestion, 'fix' | 'fixIn'> {
  if (!onOtherAccount(service, input)) {
    const fix = linesFor(input.service, service.format);
    return fix === undefined ? {} : { fix };
  }
  // Its definition has these lines; what is missing is that the two accounts are one.
  const fix = aliasLine(serviceRefOf(input.service)?.host, service.pagerduty?.host);
  return fix === undefined ? {} : { fix, fixIn: 'bridge.yml' };
}

function teamSuggestion({ name, format }: CatalogTeam, found: Likeness, pagerDuty: PagerDutyRef): Suggestion {
  const pin = pinCommand(pagerDuty, { team: name });
  return { type: 'team', name, ...found, format, ...(pin === undefined ? {} : { pin }) };
}

function better(all: Map<string, Suggestion>, suggestion: Suggestion | undefined): void {
  if (suggestion === undefined) return;
  const known = all.get(suggestion.name);
  if (known === undefined || byScore(suggestion, known) < 0) all.set(suggestion.name, suggestion);
}

function best(all: Map<string, Suggestion>): Suggestion[] {
  return [...all.values()].sort(byScore).slice(0, most);
}

/** The order of the catalog must not show. */
function byScore(one: Suggestion, other: Suggestion): number {
  if (one.score !== other.score) return other.score - one.score;
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const namesOf = (names: readonly (string | undefined)[]): string[] =>
  names.filter((name): name is string => name !== undefined && name.trim() !== '');
