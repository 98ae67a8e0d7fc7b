import type { Row } from '../../../lib/store/database/marshalled.ts';
import { deliveriesOf } from '../../../lib/store/deliveries/list.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { frozenAfter, incidentEventOf } from '../../../lib/store/outgoing/outgoing.ts';
import type { SentEvent } from '../../simulation/pagerduty/incident-picture.ts';
import { createWorld, minute, type World } from './fixture.ts';
import { twoDays } from './stories.ts';

const start = Date.parse('2026-06-20T00:00:00Z');
const hour = 60 * minute;
const stories = twoDays(start);
const events = stories.flat().sort((one, other) => one.occurredAtMs - other.occurredAtMs);
const lastHour = 45;

interface Course {
  /** The subscription is disabled between these minutes. */
  gap?: [from: number, to: number];
  /** Nobody compares before this hour. */
  firstHour?: number;
}

/** Two days, with a look at PagerDuty a few minutes past every hour. */
async function live({ gap: [from, to] = [0, 0], firstHour = 0 }: Course) {
  const world = await createWorld(start, stories);
  const hours: { requests: string[]; events: number }[] = [];
  const within = ({ occurredAtMs }: Pick<SentEvent, 'occurredAtMs'>) =>
    occurredAtMs >= start + from * minute && occurredAtMs < start + to * minute;
  const waiting = [...events];
  for (let at = 0; at <= lastHour; at += 1) {
    const tick = start + at * hour + 5 * minute;
    while (waiting[0] && waiting[0].occurredAtMs <= tick) {
      const event = waiting.shift() as SentEvent;
      if (!within(event)) await world.webhook(event);
    }
    world.until(tick);
    world.subscription.temporarilyDisabled = within({ occurredAtMs: tick });
    if (at === 0 || at >= firstHour) hours.push(await world.compare());
  }
  return { world, hours };
}

/** How the bridge works, and what only webhooks carry: headers, among them the subscription. */
const workings = [
  ...['fold', 'folded_through', 'frozen_through', 'epoch', 'lease', 'lease_until', 'matches', 'whole_log'],
  ...['expires_at', 'updated_at', 'wakes', 'woken', 'env_header', 'subscription_ids'],
];

async function told({ store }: World, id: string) {
  const row = (await readIncident(store, id)) ?? {};
  const shown = Object.fromEntries(Object.entries(row).filter(([name]) => !workings.includes(name)));
  const frozen = (await frozenAfter(store, id, 0)).map((outgoing) => {
    const { type, occurred_at, sequence, services, team, late, incident } = incidentEventOf(outgoing);
    return { type, occurred_at, sequence, services, team, late, status: incident.status };
  });
  return { row: shown as Row, frozen };
}

const ids = stories.map((story) => String(story[0]?.incidentId));
let undisturbed: Awaited<ReturnType<typeof live>>;
beforeAll(async () => {
  undisturbed = await live({});
});

describe('a day with the subscription off', () => {
  it.each<[string, Course]>([
    ['compared every hour meanwhile', { gap: [600, 2040] }],
    ['compared only once it is over', { gap: [600, 2040], firstHour: 35 }],
    ['after which nothing came on time', { gap: [600, 2600], firstHour: 44 }],
  ])('leaves rows, sequences and deliveries as if it had been on (%s)', async (_when, course) => {
    const { world } = await live(course);
    for (const id of ids) {
      expect([id, await told(world, id)]).toEqual([id, await told(undisturbed.world, id)]);
      const story = stories[ids.indexOf(id)] ?? [];
      const deliveries = await deliveriesOf(world.store, id);
      expect(deliveries.map((row) => row['status'])).toEqual(story.map(() => 'delivered'));
    }
    expect(world.telemetry.count('SubscriptionDisabled') > 0).toBe(course.firstHour === undefined);
    expect(world.telemetry.count('ReconcileRepaired')).toBeGreaterThan(0);
  });
});

describe('two days on which nothing is lost', () => {
  it('cost three requests an hour at most, but for the first look and the daily one at the log', () => {
    const quiet = undisturbed.hours.filter(
      ({ requests }) => !requests.some((each) => each.includes('/log_entries')),
    );
    expect(quiet.length).toBeGreaterThanOrEqual(lastHour - 2);
    expect(quiet.slice(1).map(({ requests }) => requests.length)).toEqual(quiet.slice(1).map(() => 3));
    expect(quiet[0]?.requests).toHaveLength(4);
    const busy = undisturbed.hours.filter((each) => !quiet.includes(each));
    expect(busy.map(({ requests }) => requests.length)).toEqual([6]);
  });

  it('are found to be complete', () => {
    expect(undisturbed.hours.reduce((sum, each) => sum + each.events, 0)).toBe(0);
    expect(undisturbed.world.telemetry.count('ReconcileRepaired')).toBe(0);
    expect(undisturbed.world.telemetry.count('SubscriptionChanged')).toBe(0);
    expect(undisturbed.world.telemetry.count('SubscriptionDisabled')).toBe(0);
  });
});
