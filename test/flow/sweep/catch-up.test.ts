import { createVirtualBridge, type VirtualReceiver } from '../../support/virtual-bridge.ts';

const minute = 60_000;

/** What is pending, of all that is owed. */
const pending = (bridge: ReturnType<typeof createVirtualBridge>): number =>
  [...(bridge.database.tables.get('deliveries')?.partitions() ?? [])]
    .flat()
    .filter(({ item }) => item['status']?.S === 'pending').length;

const receiver = (bridge: ReturnType<typeof createVirtualBridge>, name: string) =>
  bridge.receivers.get(name) as VirtualReceiver;

/** Whether each incident's events came in their order, each once. */
function inOrder(arrived: readonly string[]): boolean {
  const last = new Map<string, number>();
  return arrived.every((id) => {
    const [incident = '', sequence] = id.split('-');
    const next = (last.get(incident) ?? 0) + 1;
    last.set(incident, next);
    return Number(sequence) === next;
  });
}

describe('a destination that was down and is back', () => {
  it('gets what it is owed at its pace: 1,000 deliveries of 200 ms within half a minute', async () => {
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 200 }]);
    const hook = receiver(bridge, 'hook');
    await bridge.owe('hook', 200, 5);
    bridge.sweepEachMinute(() => hook.arrived.length === 1_000);
    const took = await bridge.run(() => pending(bridge) === 0 || bridge.scheduler.steps() > 200_000);
    // 20,000 in ten minutes is this rate.
    expect(took).toBeLessThan(minute / 2);
    expect(hook.arrived).toHaveLength(1_000);
    expect(inOrder(hook.arrived)).toBe(true);
    expect(hook.mostAtOnce).toBeGreaterThan(16);
    expect(hook.mostAtOnce).toBeLessThanOrEqual(32);
  });

  it('is not asked for more at once than it can answer well', async () => {
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 2_000 }]);
    const hook = receiver(bridge, 'hook');
    await bridge.owe('hook', 60, 1);
    bridge.sweepEachMinute(() => hook.arrived.length === 60);
    await bridge.run(() => pending(bridge) === 0 || bridge.scheduler.steps() > 50_000);
    expect(hook.arrived).toHaveLength(60);
    expect(hook.mostAtOnce).toBe(8);
  });

  it('never gets more at once than its `max_in_flight`, however many workers there are', async () => {
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 300, max_in_flight: 3 }]);
    const hook = receiver(bridge, 'hook');
    await bridge.owe('hook', 40, 2);
    const sweeps = [bridge.worker(), bridge.worker(), bridge.worker()];
    let ended = 0;
    for (const { sweep } of sweeps) void sweep(minute).then(() => ended++);
    await bridge.run(() => ended === 3);
    expect(hook.mostAtOnce).toBe(3);
    expect(hook.arrived).toHaveLength(80);
    expect(inOrder(hook.arrived)).toBe(true);
  });

  it('is left alone as soon as it fails again; what it was not sent stays due', async () => {
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 50 }]);
    const hook = receiver(bridge, 'hook');
    hook.status = 503;
    await bridge.owe('hook', 200, 1);
    let ended = false;
    void bridge
      .worker()
      .sweep(minute)
      .then(() => {
        ended = true;
      });
    await bridge.run(() => ended);
    expect(hook.arrived.length).toBeLessThan(30);
    expect(pending(bridge)).toBe(200);
  });

  it('a worker that dies while it catches up keeps others out for a minute, not for ever', async () => {
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 100 }]);
    const hook = receiver(bridge, 'hook');
    await bridge.owe('hook', 100, 1);
    const until = new Date(bridge.scheduler.now() + 50_000).toISOString();
    await bridge.store.db.send({
      constructor: { name: 'PutItemCommand' },
      input: {
        TableName: 'destinations',
        Item: {
          destination: { S: 'hook' },
          in_flight: { M: { dead: { M: { attempts: { N: '32' }, until: { S: until } } } } },
          in_flight_revision: { N: '1' },
        },
      },
    } as never);
    bridge.sweepEachMinute(() => hook.arrived.length === 100);
    const took = await bridge.run(() => pending(bridge) === 0 || bridge.scheduler.steps() > 50_000);
    expect(took).toBeGreaterThan(50_000);
    expect(took).toBeLessThan(2 * minute);
    expect(hook.arrived).toHaveLength(100);
  });
});
