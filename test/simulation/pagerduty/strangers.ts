import { createHmac } from 'node:crypto';
import type { Dice } from '../dice.ts';
import type { Scenario } from '../scenario.ts';
import { envelope, type SentEvent, serviceReference } from './incident-picture.ts';
import { eventId } from './incident-story.ts';
import type { WebhookRequest } from './subscription.ts';

/** A request that is no incident event: pings, service events, unreadable bodies, forgeries. */
export interface Stranger {
  at: number;
  /** Comes from PagerDuty itself, through its queue. */
  authentic?: SentEvent;
  /** What the log must hold afterwards. */
  logged: 'service' | 'other' | 'quarantine' | 'nothing';
  request: WebhookRequest;
  /** Filled in by the run. */
  status?: number | undefined;
  expected: readonly number[];
}

const nobody: WebhookRequest = { method: 'POST', headers: {}, rawBody: new Uint8Array() };

export function strangers(dice: Dice, scenario: Scenario): Stranger[] {
  const times = scenario.stories.flat().map(({ occurredAtMs }) => occurredAtMs);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const count = scenario.subscriptions[0]?.strays ?? 0;
  return Array.from({ length: count }, () => {
    const at = dice.between(first, last);
    return dice.pick([ping, serviceEvent, noIncident, garbage, forged, unsigned])(dice, at, scenario);
  });
}

function authentic(at: number, event: SentEvent, logged: Stranger['logged']): Stranger {
  return { at, authentic: event, logged, request: nobody, expected: [] };
}

function ping(dice: Dice, at: number): Stranger {
  const id = eventId(dice);
  const body = envelope(id, 'pagey.ping', at, { message: 'Hello from your friend Pagey!', type: 'ping' });
  return authentic(at, { eventId: id, type: 'pagey.ping', occurredAtMs: at, body }, 'nothing');
}

function serviceEvent(dice: Dice, at: number, scenario: Scenario): Stranger {
  const id = eventId(dice);
  const service = dice.pick(scenario.catalog.services);
  const { summary, html_url } = serviceReference(service);
  const data = {
    id: service.id,
    type: 'service',
    name: summary,
    summary,
    html_url,
    teams: service.teams.map((team) => ({ id: team.id, type: 'team_reference', summary: team.name })),
  };
  const body = envelope(id, 'service.updated', at, data);
  return authentic(at, { eventId: id, type: 'service.updated', occurredAtMs: at, body }, 'service');
}

function noIncident(dice: Dice, at: number): Stranger {
  const id = eventId(dice);
  const body = envelope(id, 'account.something', at, { type: 'account' });
  return authentic(at, { eventId: id, type: 'account.something', occurredAtMs: at, body }, 'other');
}

function garbage(dice: Dice, at: number): Stranger {
  const body = dice.pick(['{"event":', '[]', 'hello', '{"event":{"id":1}}']) + dice.id(5);
  return authentic(
    at,
    { eventId: `garbage-${dice.id(8)}`, type: 'garbage', occurredAtMs: at, body },
    'quarantine',
  );
}

function forged(dice: Dice, at: number, scenario: Scenario): Stranger {
  const story = dice.pick(dice.pick(scenario.stories));
  const rawBody = Buffer.from(story.body.replace(story.eventId, `FORGED${dice.id(10)}`));
  const signature = createHmac('sha256', 'not the secret').update(rawBody).digest('hex');
  return {
    at,
    logged: 'nothing',
    expected: [503, 502],
    request: { method: 'POST', headers: { 'x-pagerduty-signature': `v1=${signature}` }, rawBody },
  };
}

function unsigned(_dice: Dice, at: number, scenario: Scenario): Stranger {
  const rawBody = Buffer.from(scenario.stories[0]?.[0]?.body.replace('"id":"', '"id":"FORGED') ?? '{}');
  return {
    at,
    logged: 'nothing',
    expected: [401, 503, 502],
    request: { method: 'POST', headers: {}, rawBody },
  };
}
