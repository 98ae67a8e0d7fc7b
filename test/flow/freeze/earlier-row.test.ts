import { update } from '../../../lib/store/database/request.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, minute, page, told } from './fixture.ts';

/** What the memory did not know in the first release. */
const added = [
  'triggered_at',
  'acknowledge_inferred',
  'resolved_ms_before_acknowledge',
  'response_inferred',
  'resolve_doubted',
  'reopened_told',
  'reopening_inferred',
  'active_inferred',
  'incident_key',
  'assignees',
  'escalation_policy',
  'client',
  'conference_bridge',
];

let fixture: Fixture;
let bridge: TestBridge;

/** Makes the incident's row one that the first release wrote. */
async function age(): Promise<void> {
  const memory = JSON.parse(String((await fixture.row('Q1'))['fold']));
  for (const name of added) delete memory[name];
  await update(
    fixture.store,
    'incidents',
    { incident_id: 'Q1' },
    { set: { fold: JSON.stringify(memory), fold_version: 1 }, remove: ['inferred'] },
  );
}

const place = { service: at('PCHECK') };
const reopening = { ...place, reopened_at: minute(59) };
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

describe('a row that the first release wrote', () => {
  it('goes on where its log has expired', async () => {
    for (const [type, minutes] of [
      ['triggered', 0],
      ['acknowledged', 2],
      ['resolved', 7],
    ] as const)
      await bridge.deliver(told('Q1', `incident.${type}`, minutes, place));
    await age();
    await fixture.forget('events', 'Q1');
    await bridge.deliver(told('Q1', 'incident.reopened', 60, reopening));
    await bridge.deliver(told('Q1', 'incident.resolved', 64, reopening));
    const row = await fixture.row('Q1');
    expect(row).toMatchObject({
      event_count: 5,
      time_to_acknowledge_seconds: 120,
      time_to_restore_seconds: 7 * 60 + 4 * 60,
      reopen_count: 1,
      fold_version: 2,
    });
    expect(row).not.toHaveProperty('inferred');
    expect(fixture.arrived('Q1').map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  });

  it('is folded anew from its log, and says what it had concluded, with the next event', async () => {
    await bridge.deliver(told('Q1', 'incident.triggered', 0, place));
    await bridge.deliver(told('Q1', 'incident.priority_updated', 6, place));
    await age();
    await bridge.deliver(told('Q1', 'incident.acknowledged', 18, place));
    expect(await fixture.row('Q1')).toMatchObject({
      acknowledged_at: minute(6),
      inferred: ['acknowledged_at', 'time_to_acknowledge_seconds'],
      fold_version: 2,
    });
    expect(fixture.arrived('Q1')).toHaveLength(3);
  });
});
