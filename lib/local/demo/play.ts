import { randomUUID } from 'node:crypto';
import type { IncidentEvent } from '../../domain/incident/incident-event.ts';
import type { Verdict } from '../../domain/matching/match.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { get } from '../../store/database/request.ts';
import type { DemoIncident } from './cast.ts';
import type { Owed } from './ledger.ts';
import { indent, type Page } from './page.ts';
import { pdbridge } from './pdbridge.ts';
import { type Answer, reportDeployment, send } from './send.ts';
import type { Stage } from './stage.ts';
import type { Chapter, Deploys, Send } from './story.ts';
import { until } from './until.ts';
import { pingBody, webhookBody } from './webhook-body.ts';
import { clockTime, gist } from './words.ts';

/** What has been said and promised so far. */
export interface Record {
  answers: Answer[];
  owed: Owed[];
  /** Answers that were not what the story expects. */
  surprises: string[];
}

export interface Play {
  stage: Stage;
  page: Page;
  record: Record;
  /** When the story begins, epoch milliseconds. */
  beginsAt: number;
}

export async function playChapter(play: Play, chapter: Chapter): Promise<void> {
  const { page } = play;
  page.title(chapter.title);
  page.paragraph(chapter.intro);
  page.line();
  const { incident } = chapter;
  if (!incident) return ping(play);
  const owedBefore = play.record.owed.length;
  let body = '';
  for (const each of chapter.sends) {
    if ('version' in each) {
      await deploy(play, each);
      continue;
    }
    body = each.again ? body : bodyOf(play, incident, each);
    await sendOne(play, incident, each, body);
    if (!chapter.pin) await forwarded(play, incident);
  }
  const owed = play.record.owed.length - owedBefore;
  if (owed === 0) return;
  if (chapter.pin) await holdAndPin(play, incident, chapter);
  else if (chapter.blames) await showCause(play, incident, chapter.blames);
  else showDecision(page, await mappingOf(play, incident), chapter.wholeTrace === true);
  page.line();
  for (const event of await forwarded(play, incident)) {
    page.paragraph(gist(event), `${indent}out  #${event.sequence} ${event.type.padEnd(22)} `);
  }
}

async function ping(play: Play): Promise<void> {
  const answer = await send(play.stage, pingBody(randomUUID(), play.beginsAt));
  note(play, answer, '202 pong');
  showSent(play.page, play.beginsAt, 'pagey.ping', answer);
}

async function deploy(play: Play, deploys: Deploys): Promise<void> {
  const at = play.beginsAt + deploys.minute * 60_000;
  const answer = await reportDeployment(play.stage, deploys, at);
  if (answer !== '200 dora_deployment') play.record.surprises.push(`a deployment was answered ${answer}`);
  showSent(play.page, at, `${deploys.version} deployed`, answer);
}

function bodyOf(play: Play, incident: DemoIncident, { type, status, minute }: Send): string {
  const at = play.beginsAt + minute * 60_000;
  return webhookBody(randomUUID(), { incident, type, status, at, startedAt: play.beginsAt });
}

async function sendOne(play: Play, incident: DemoIncident, what: Send, body: string): Promise<void> {
  const { type, minute, copies = 1, forged = false, again = false, late = false } = what;
  const answers = await Promise.all(Array.from({ length: copies }, () => send(play.stage, body, { forged })));
  const first = forged ? '503 authentication_failed' : again ? '202 duplicate' : '202 accepted';
  const expected = [first, ...Array.from({ length: copies - 1 }, () => '202 duplicate')];
  for (const [i, answer] of answers.sort().entries()) note(play, answer, expected[i] ?? '');
  if (answers.includes('202 accepted')) {
    play.record.owed.push({ eventId: JSON.parse(body).event.id, incident, late });
  }
  const at = play.beginsAt + minute * 60_000;
  for (const answer of new Set(answers)) {
    const times = answers.filter((each) => each === answer).length;
    showSent(play.page, at, type, answer, times);
  }
}

function note({ record }: Play, answer: Answer, expected: Answer): void {
  record.answers.push(answer);
  if (answer !== expected) record.surprises.push(`${answer} was answered instead of ${expected}`);
}

function showSent(page: Page, at: number, type: string, answer: Answer, times = 1): void {
  const style = answer === '202 duplicate' ? 'yellow' : answer.startsWith('202') ? 'green' : 'red';
  const count = times === 1 ? '' : `, ${times} times`;
  page.line(
    `${indent}in   ${clockTime(at)}  ${type.padEnd(22)} answered ${page.paint(style, answer)}${count}`,
  );
}

/** Waits until the destination has everything it is owed of this incident. */
function forwarded({ stage, record }: Play, incident: DemoIncident): Promise<IncidentEvent[]> {
  const owed = record.owed.filter((each) => each.incident.id === incident.id).length;
  return until(`the ${owed} events of "${incident.title}" at the destination`, () => {
    stage.bridge.check();
    const arrived = stage.receiver.arrivals
      .map(({ event }) => event)
      .filter((event) => event.incident.id === incident.id);
    return arrived.length >= owed ? arrived : undefined;
  });
}

const mappingOf = async ({ stage }: Play, { service }: DemoIncident): Promise<Row> =>
  (await get(stage.store, 'mappings', { pagerduty_service_id: service.id })) ?? {};

/** Why the incident is laid to a deployment, and that it is the right one. */
async function showCause({ stage, page, record }: Play, { id, title }: DemoIncident, version: string) {
  const row = await until(`a cause of "${title}"`, async () => {
    const found = await get(stage.store, 'incidents', { incident_id: id });
    return found?.['cause_deployment_id'] ? found : undefined;
  });
  const cause = (await get(stage.store, 'deployments', { deployment_id: row['cause_deployment_id'] })) ?? {};
  if (cause['version'] !== version)
    record.surprises.push(`the incident is laid to ${cause['version']} instead of ${version}`);
  page.line();
  page.paragraph(String(row['cause_explanation']), `${indent}why  ${String(row['cause_rule']).padEnd(21)}`);
}

/** Why: the sentence of the rule that decided, or what every rule that was asked said. */
function showDecision(page: Page, mapping: Row, whole: boolean): void {
  page.line();
  const trace = (mapping['trace'] ?? []) as Verdict[];
  const last = trace.findIndex(({ decided }) => decided);
  const asked = last === -1 ? trace : trace.slice(0, last + 1);
  for (const [i, { rule, reason }] of (whole ? asked : asked.slice(-1)).entries()) {
    page.paragraph(reason, `${indent}${i === 0 ? 'why' : '   '}  ${rule.padEnd(21)}`);
  }
}

async function holdAndPin(play: Play, incident: DemoIncident, { pin }: Chapter): Promise<void> {
  const { page, stage } = play;
  const sent = play.record.owed.filter((each) => each.incident.id === incident.id).length;
  const row = await until(`"${incident.title}" to be held`, async () => {
    stage.bridge.check();
    const found = await get(stage.store, 'incidents', { incident_id: incident.id });
    return found?.['forwarding'] === 'held' && found['event_count'] === sent ? found : undefined;
  });
  showDecision(page, await mappingOf(play, incident), true);
  page.line();
  page.line(
    `${indent}held ${page.paint('yellow', String(row['held_reason']))}: ${sent} events are written down, none has gone out`,
  );
  if (!pin) return;
  page.line();
  page.paragraph('An operator pins the service, and the bridge does the rest by itself:');
  const args = ['mappings', 'pin', incident.service.id, '--service', pin.service];
  page.line(`${indent}$ ${page.paint('bold', `npx pdbridge ${args.join(' ')}`)}`);
  await pdbridge(stage, args);
  await forwarded(play, incident);
  showDecision(page, await mappingOf(play, incident), false);
}
