import { firstTime } from '../../../lib/flow/reconcile/reconcile.ts';
import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { deliveriesOf } from '../../../lib/store/deliveries/list.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { frozenAfter } from '../../../lib/store/outgoing/outgoing.ts';
import { readReconciled, saveReconciled } from '../../../lib/store/state/reconciled.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { restViewOf } from '../../support/pagerduty/rest-view.ts';
import { accountWith, memoryStore } from '../import/fixture.ts';
import { tell } from '../reconcile/stories.ts';

const start = Date.parse('2026-06-20T00:00:00Z');
const minute = 60_000;
const story = tell('QTHIN', start, [
  [0, 'triggered'],
  [
    10,
    'resolved',
    (incident) => {
      incident.status = 'resolved';
    },
  ],
  [20, 'annotated', { type: 'incident_note', content: 'It was the cache' }],
]);
const note = String(story.at(-1)?.body);

/** Of the incident only the note has come; PagerDuty can be asked. */
async function noted({ begun, known = true }: { begun?: number; known?: boolean } = {}) {
  const clock = createTestClock(start + 20 * minute);
  const store: Store = memoryStore(clock);
  const bridge = createTestBridge(store, {
    clock,
    config: {
      unmatched: 'passthrough',
      destinations: [{ name: 'screen', type: 'console' }],
      pagerduty: { region: 'us', token: 'env:T', reconcile: 'off', reenable: false },
    },
  });
  const waiting = { now: clock.now, sleep: async (ms: number) => clock.advance(ms) };
  const { account, api } = accountWith(waiting, { incidents: known ? [restViewOf(story)] : [] });
  if (begun !== undefined)
    await saveReconciled(store, await readReconciled(store), firstTime(begun), clock.now());
  const sweep = createSweep({ ...bridge.deps, pagerDuty: api });
  await bridge.deliver(JSON.parse(note));
  /** A sweep every minute. */
  const pass = async (minutes: number) => {
    for (let count = 0; count < minutes; count += 1) {
      clock.advance(minute);
      await sweep(60_000);
    }
  };
  return { account, store, pass, bridge };
}

const statuses = async (store: Store) =>
  (await deliveriesOf(store, 'QTHIN')).map((row) => `${row['event_type']} ${row['status']}`);

describe('an incident of which only a note has come', () => {
  it('is asked for after two minutes, and dated as PagerDuty dates it; of the past only the note is sent', async () => {
    const { account, store, pass } = await noted();
    await pass(1);
    expect(account.asked).toEqual([]);
    expect(await readIncident(store, 'QTHIN')).toMatchObject({ held_reason: 'no_service_yet' });
    await pass(4);
    expect(account.asked.map((each) => each.replace(/\?.*/, ''))).toEqual([
      'GET /incidents/QTHIN',
      'GET /incidents/QTHIN/log_entries',
    ]);
    const row = await readIncident(store, 'QTHIN');
    expect(row).toMatchObject({
      status: 'resolved',
      pagerduty_service_id: 'PF9KMXH',
      started_at: '2026-06-20T00:00:00.000Z',
      finished_at: '2026-06-20T00:10:00.000Z',
      time_to_restore_seconds: 600,
      imported: true,
    });
    expect(row?.['held_reason']).toBeUndefined();
    expect(row?.['pagerduty_answer']).toBeUndefined();
    expect(await statuses(store)).toEqual(['incident.annotated delivered']);
    await pass(90);
    expect(account.asked).toHaveLength(2);
  });

  it('that began after reconcile did is sent as a whole, in order', async () => {
    const { store, pass } = await noted({ begun: start - minute });
    await pass(6);
    expect((await frozenAfter(store, 'QTHIN', 0)).map(({ event }) => event.type)).toEqual([
      'incident.triggered',
      'incident.resolved',
      'incident.annotated',
    ]);
    expect(await statuses(store)).toEqual([
      'incident.triggered delivered',
      'incident.resolved delivered',
      'incident.annotated delivered',
    ]);
  });

  it('and that PagerDuty does not know is asked for every hour, also while notes keep coming, and says so', async () => {
    const { account, store, pass, bridge } = await noted({ known: false });
    await pass(4);
    expect(await readIncident(store, 'QTHIN')).toMatchObject({
      held_reason: 'no_service_yet',
      pagerduty_answer: 'PagerDuty has no such incident (404)',
    });
    expect(account.asked).toHaveLength(1);
    await pass(50);
    await bridge.deliver(JSON.parse(note.replaceAll('01QTHIN2', '01QTHIN3')));
    expect(account.asked).toHaveLength(1);
    await pass(15);
    expect(account.asked).toHaveLength(2);
    account.incidents = [restViewOf(story)];
    await pass(65);
    expect(await readIncident(store, 'QTHIN')).toMatchObject({ status: 'resolved', number: 5 });
  });

  it('stays held while PagerDuty cannot be asked', async () => {
    const { account, store, pass } = await noted();
    account.weather = () => ({ status: 401 });
    await pass(4);
    expect(await readIncident(store, 'QTHIN')).toMatchObject({ held_reason: 'no_service_yet' });
    account.weather = () => undefined;
    await pass(65);
    expect(await readIncident(store, 'QTHIN')).toMatchObject({ status: 'resolved' });
  });
});
