import { eventIds, fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import {
  type Arrival,
  type Behaviour,
  fine,
  hang,
  resetAfterwards,
  resetUnread,
  slowBody,
  startUnrulyReceiver,
  status,
  switchesProtocol,
  type UnrulyReceiver,
} from '../flow/deliver/unruly-receiver.ts';

let unruly: UnrulyReceiver;
let calm: UnrulyReceiver;
let fixture: Fixture;

beforeEach(async () => {
  [unruly, calm, fixture] = await Promise.all([
    startUnrulyReceiver(),
    startUnrulyReceiver(),
    createFixture(),
  ]);
});
afterEach(() => Promise.all([unruly.close(), calm.close()]));

/** All that must not differ from one attempt to the next. */
function fixedPart({ method, path, headers, body }: Arrival) {
  const {
    'webhook-timestamp': _timestamp,
    'webhook-signature': _signature,
    connection: _connection,
    ...fixed
  } = headers;
  return JSON.stringify({ method, path, fixed, body });
}

function distinctRequests(arrivals: Arrival[]): Record<string, number> {
  const byId = new Map<string, Set<string>>();
  for (const arrival of arrivals) {
    const id = String(arrival.headers['webhook-id']);
    byId.set(id, (byId.get(id) ?? new Set()).add(fixedPart(arrival)));
  }
  return Object.fromEntries([...byId].map(([id, parts]) => [id, parts.size]));
}

const once = Object.fromEntries(eventIds('Q1').map((id) => [id, 1]));
const inSeconds = (seconds: number) => new Date(fixture.clock.now() + seconds * 1000).toUTCString();

describe('a receiver that', () => {
  it.each<[string, () => Behaviour[], { attempts: number[]; lastError?: RegExp; twice?: number }]>([
    ['is well', () => [], { attempts: [1, 1, 1, 1, 1] }],
    ['answers 500 twice', () => [status(500), status(500)], { attempts: [3, 1, 1, 1, 1] }],
    ['answers 503 in between', () => [fine, fine, status(503)], { attempts: [1, 1, 2, 1, 1] }],
    [
      'answers 429 with Retry-After in seconds',
      () => [status(429, { 'retry-after': '90' })],
      { attempts: [2, 1, 1, 1, 1] },
    ],
    [
      'answers 429 with Retry-After as a date',
      () => [fine, status(429, { 'retry-after': inSeconds(90) })],
      { attempts: [1, 2, 1, 1, 1] },
    ],
    ['refuses our key for a while', () => [status(401), status(403)], { attempts: [3, 1, 1, 1, 1] }],
    ['is not there yet', () => [status(404)], { attempts: [2, 1, 1, 1, 1] }],
    ['hangs', () => [fine, hang], { attempts: [1, 2, 1, 1, 1] }],
    ['dribbles its answer', () => [slowBody, slowBody], { attempts: [1, 1, 1, 1, 1] }],
    ['resets the connection', () => [resetUnread], { attempts: [2, 1, 1, 1, 1] }],
    [
      'resets the connection after it has taken the event',
      () => [resetAfterwards],
      { attempts: [2, 1, 1, 1, 1], twice: 1 },
    ],
    ['switches protocols', () => [switchesProtocol], { attempts: [2, 1, 1, 1, 1] }],
    [
      'switches protocols on a kept connection',
      () => [fine, fine, switchesProtocol],
      { attempts: [1, 1, 2, 1, 1] },
    ],
    [
      'misbehaves in every way in turn',
      () => [
        status(500),
        fine,
        hang,
        status(429, { 'retry-after': '5' }),
        slowBody,
        resetUnread,
        status(502),
      ],
      { attempts: [2, 3, 3, 1, 1] },
    ],
  ])(
    '%s gets every event in order, with one id and the same bytes each time',
    async (_, behave, expected) => {
      const watch = watchInvariants(fixture);
      const bridge = fixture.bridge([hook('unruly', unruly, { timeout_seconds: 1 }), hook('calm', calm)]);
      unruly.next(...behave());
      for (const body of fiveEvents('Q1')) await bridge.deliver(body);
      expect(calm.firstReceipts()).toEqual(eventIds('Q1'));
      await letTimePass(bridge, fixture.clock, {
        total: 2 * hour,
        step: minutes(1),
        enough: () => leftovers(fixture).length === 0,
      });

      expect(unruly.firstReceipts()).toEqual(eventIds('Q1'));
      expect(distinctRequests(unruly.arrivals)).toEqual(once);
      const accepted = unruly.arrivals.filter((arrival) => arrival.accepted);
      expect(accepted).toHaveLength(5 + (expected.twice ?? 0));
      expect(calm.arrivals).toHaveLength(5);
      expect(fixture.deliveries('unruly').map((row) => [row['status'], row['attempts']])).toEqual(
        expected.attempts.map((attempts) => ['delivered', attempts]),
      );
      expect(leftovers(fixture)).toEqual([]);
      expect(watch.found).toEqual([]);
    },
  );
});
