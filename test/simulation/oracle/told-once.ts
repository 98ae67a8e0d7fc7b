import { ownId, type SentEvent } from '../pagerduty/incident-picture.ts';
import type { Scenario } from '../scenario.ts';
import type { Row } from '../world.ts';

/** One thing that happened to an incident, by whichever ways it was told. */
export interface ToldOnce {
  /** Absent where the log holds what never happened. */
  happened?: SentEvent;
  /** The row that counts: the webhook's, where one came. */
  row: Row;
  /** All rows that tell of it. */
  rows: readonly Row[];
  /** Under which id it is frozen, or would be. */
  eventId: string;
  /** A webhook told of it. */
  isHeard: boolean;
}

/** The ids under which PagerDuty's log tells of an event: of its entry, or concluded from it. */
const readIds = ({ eventId }: SentEvent, at: number): string[] => [
  `import:R${eventId}${at}`,
  `import:R${eventId}${at}:reopen`,
];

/** All ids of each event of an incident, to its place in the story. */
export function placesOf({ account, subscriptions }: Scenario, story: readonly SentEvent[]) {
  const places = new Map<string, number>();
  const owns = subscriptions.flatMap(({ idsBeginWith = [] }) => idsBeginWith);
  for (const [at, event] of story.entries()) {
    const own = owns.map((begin) => ownId(event.eventId, begin));
    const read = account ? readIds(event, at) : [];
    for (const id of [event.eventId, ...own, ...read]) places.set(id, at);
  }
  return places;
}

/**
 * An incident's log with each thing that happened once. Which of those of one type and one second PagerDuty's log
 * tells of by which entry cannot be told apart: among them an id stands for any that has no other.
 */
export function toldOnce(
  scenario: Scenario,
  rows: readonly Row[],
  story: readonly SentEvent[],
  frozen: ReadonlySet<string>,
): ToldOnce[] {
  const places = placesOf(scenario, story);
  const byPlace = new Map<number, Row[]>();
  const others: ToldOnce[] = [];
  for (const row of rows) {
    const place = places.get(row['event_id']);
    if (place === undefined)
      others.push({ row, rows: [row], eventId: row['event_id'], isHeard: row['imported'] === undefined });
    else byPlace.set(place, [...(byPlace.get(place) ?? []), row]);
  }
  const spare = new Map<string, string[]>();
  const known = [...byPlace].map(([place, told]): ToldOnce & { happened: SentEvent } => {
    const happened = story[place] as SentEvent;
    const webhooks = told.filter((row) => row['imported'] === undefined);
    const heard = webhooks.find((row) => row['outcome'] !== 'skipped: twin') ?? webhooks[0];
    const ids = told.map((row) => String(row['event_id'])).filter((id) => frozen.has(id));
    const [first = '', ...more] = ids;
    spare.set(alike(happened), [...(spare.get(alike(happened)) ?? []), ...more]);
    return {
      happened,
      row: heard ?? (told[0] as Row),
      rows: told,
      eventId: first,
      isHeard: heard !== undefined,
    };
  });
  for (const each of known)
    if (each.eventId === '')
      each.eventId = spare.get(alike(each.happened))?.shift() ?? String(each.row['event_id']);
  return [...known, ...others];
}

const alike = ({ type, occurredAtMs }: SentEvent): string => `${type} ${Math.floor(occurredAtMs / 1000)}`;
