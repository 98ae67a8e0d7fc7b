import { isDeepStrictEqual } from 'node:util';
import type { ReportStory } from '../reports/report-story.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence, IncidentEvidence } from './evidence.ts';

interface Logged {
  story: ReportStory;
  number: number;
  attributes: Record<string, unknown>;
  row: Row;
}

const numberOf = (tags: unknown): number =>
  Number((tags as string[]).find((tag) => tag.startsWith('message:'))?.slice('message:'.length));

/** The messages of an incident's log, each found by its tag; undefined where the log holds what nobody sent. */
function messagesOf({ run, rows }: Evidence, id: string): (Logged | undefined)[] {
  const reports = rows('events').filter(
    (row) => row['incident_id'] === id && row['event_type'] !== 'incident.deleted',
  );
  return reports.map((row) => {
    const number = numberOf(JSON.parse(row['body']).custom_tags);
    for (const story of run.scenario.reports) {
      const message = story.messages.find((each) => each.number === number);
      if (message) return { story, number, attributes: message.attributes, row };
    }
    return undefined;
  });
}

export const oneEach: Check = {
  name: 'what a program reports of one incident is one incident, under one id, and each report is kept once',
  look: (evidence, broken) => {
    const { run, reported } = evidence;
    const ofStory = new Map<ReportStory, string>();
    const kept = new Set<number>();
    for (const { id, row } of reported) {
      for (const logged of messagesOf(evidence, id)) {
        if (!logged) {
          broken(`${id} has a report that nobody sent`);
          continue;
        }
        const { story, number } = logged;
        if (kept.has(number)) broken(`message ${number} is in the log twice`);
        kept.add(number);
        if ((ofStory.get(story) ?? id) !== id)
          broken(`one incident became two: ${ofStory.get(story)} and ${id}`);
        ofStory.set(story, id);
      }
      if (!row) broken(`${id} has reports and no row`);
    }
    if (new Set(ofStory.values()).size !== ofStory.size) broken('two incidents became one');
    for (const { story, message, status, id } of run.reported) {
      if (status !== undefined && status !== 200 && status < 500)
        broken(`message ${message.number} was answered ${status}`);
      if (status !== 200) continue;
      if (!kept.has(message.number))
        broken(`message ${message.number} was answered 200 and is not in the log`);
      if (ofStory.get(story) !== `dora:${id}`)
        broken(`message ${message.number} was answered ${id} and its incident is ${ofStory.get(story)}`);
    }
  },
};

const asIso = (ms: unknown) => (ms === undefined ? undefined : new Date(ms as number).toISOString());

/** A fact as the report that was received last gives it; of two received in one millisecond either. */
function lastTold(logged: Logged[], fact: string): unknown[] {
  const told = logged.filter(({ attributes }) => attributes[fact] !== undefined);
  const last = told
    .map(({ row }) => row['received_at'] as string)
    .sort()
    .at(-1);
  const values = told
    .filter(({ row }) => row['received_at'] === last)
    .map(({ attributes }) => attributes[fact]);
  return values.length > 0 ? values : [undefined];
}

/** What a row, or the incident event that went out last, must say. */
function expected({ run }: Evidence, logged: Logged[]): Record<string, unknown[]> {
  const story = logged[0]?.story;
  const { services = [], team, env } = story ?? {};
  const defaults = run.scenario.deployments.map(({ config }) => config.default_env);
  return {
    name: lastTold(logged, 'name'),
    severity: lastTold(logged, 'severity'),
    started_at: lastTold(logged, 'started_at').map(asIso),
    finished_at: lastTold(logged, 'finished_at').map(asIso),
    services: [services.length > 0 ? services : undefined],
    team: [team ?? (services.includes('unrelated') ? 'others' : undefined)],
    env: env === undefined ? defaults : [env],
    source: ['dora_api'],
  };
}

function compare(
  where: string,
  found: Row,
  wanted: Record<string, unknown[]>,
  broken: (message: string) => void,
) {
  for (const [name, values] of Object.entries(wanted)) {
    if (!values.some((value) => isDeepStrictEqual(found[name], value)))
      broken(`${where}: ${name} is ${JSON.stringify(found[name])}, should be ${JSON.stringify(values)}`);
  }
}

const whole = (logged: (Logged | undefined)[]) => logged.flatMap((each) => each ?? []);

export const receivedLast: Check = {
  name: 'a reported incident says what was received last, and forgets neither start nor end',
  look: (evidence, broken) => {
    for (const { id, row } of evidence.reported) {
      const logged = whole(messagesOf(evidence, id));
      if (!row || logged.length === 0) continue;
      const { name, services, ...others } = expected(evidence, logged);
      compare(id, row, { ...others, title: name ?? [], services: [services?.[0] ?? []] }, broken);
      const ended = others['finished_at']?.[0] !== undefined;
      if (row['status'] !== (ended ? 'resolved' : 'triggered')) broken(`${id} says it is ${row['status']}`);
      if (row['rule'] !== 'given') broken(`${id} was matched by ${row['rule']}`);
      if (row['inferred'] !== undefined) broken(`${id} says ${row['inferred']} were concluded`);
      const seconds = Math.floor((Date.parse(row['finished_at']) - Date.parse(row['started_at'])) / 1000);
      const restored = ended && row['withdrawn_at'] === undefined ? seconds : undefined;
      if (row['time_to_restore_seconds'] !== restored)
        broken(`${id} was restored in ${row['time_to_restore_seconds']} s, not ${restored}`);
      if ((row['withdrawn_at'] !== undefined) !== wasWithdrawn(evidence, id))
        broken(`${id} ${row['withdrawn_at'] ? 'says it was taken back' : 'does not say it was taken back'}`);
    }
  },
};

export const takenBack: Check = {
  name: 'who takes an incident back is heard',
  look: (evidence, broken) => {
    const asked = new Set<string>();
    for (const { id, status } of evidence.run.withdrawals) {
      if (status === 202 && !wasWithdrawn(evidence, `dora:${id}`))
        broken(`${id} was deleted and is not taken back`);
      if (status === 404 && !asked.has(id)) broken(`${id} was reported and could not be found to be deleted`);
      if (status !== undefined && ![202, 404].includes(status) && status < 500)
        broken(`taking ${id} back was answered ${status}`);
      asked.add(id);
    }
  },
};

const wasWithdrawn = ({ rows }: Evidence, id: string): boolean =>
  rows('events').some((row) => row['incident_id'] === id && row['event_type'] === 'incident.deleted');

export const toldAsReported: Check = {
  name: 'a reported incident begins once, belongs to whom it names, and is told last as it is',
  look: (evidence, broken) => {
    for (const { id, outgoing } of evidence.reported) {
      const events: Row[] = outgoing.map((frozen) => frozen['incident_event']);
      const begun = events.filter(({ type }) => type === 'incident.triggered');
      if (begun.length > 1) broken(`${id} begins ${begun.length} times`);
      for (const event of events) {
        if (event['pagerduty'] !== undefined) broken(`${id} is told as if PagerDuty knew it`);
        if (event['match'].rule !== 'given') broken(`${id} is told by rule ${event['match'].rule}`);
      }
      const logged = whole(messagesOf(evidence, id));
      const last = events.at(-1);
      if (last && logged.length > 0 && isWhole(evidence, id, outgoing))
        compare(`${id} as it was told last`, last, expected(evidence, logged), broken);
    }
  },
};

/** Everything in the log is frozen. */
const isWhole = ({ rows }: Evidence, id: string, outgoing: IncidentEvidence['outgoing']): boolean =>
  rows('events').filter((row) => row['incident_id'] === id).length === outgoing.length;
