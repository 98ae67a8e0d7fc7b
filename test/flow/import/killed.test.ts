import type { PagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { importHistory } from '../../../lib/flow/import/import-history.ts';
import { importIncident } from '../../../lib/flow/import/import-incident.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { createDice } from '../../simulation/dice.ts';
import { tellIncident } from '../../simulation/pagerduty/incident-story.ts';
import { restViewOf } from '../../support/pagerduty/rest-view.ts';
import { scan } from '../../support/scan.ts';
import { accountWith, memoryStore, virtualClock } from './fixture.ts';

const start = Date.parse('2026-06-20T09:58:41.300Z');
const cast = { services: [{ id: 'PF9KMXH', name: 'Checkout API', teams: [] }], priorities: ['P1'] };
const incidents = [0, 1, 2].map((at) =>
  restViewOf(tellIncident(createDice(at, 'killed'), cast, start + at * 60_000, at, 5)),
);

class Killed extends Error {}

/** Dies at its nth await, before what it asks for is done or after; whatever it does then is in vain. */
function mortal(diesAt: number, when: 'before' | 'after') {
  let count = 0;
  return {
    awaits: () => count,
    async pass<T>(effect: () => Promise<T>): Promise<T> {
      count += 1;
      if (count > diesAt || (count === diesAt && when === 'before')) throw new Killed();
      const answer = await effect();
      if (count === diesAt) throw new Killed();
      return answer;
    },
  };
}

function setUp() {
  const clock = virtualClock();
  const { account, api } = accountWith(clock, { incidents });
  const store = memoryStore(clock);
  const run = async (life: ReturnType<typeof mortal>) => {
    const dying: Store = { ...store, db: { send: (command) => life.pass(() => store.db.send(command)) } };
    const asking: PagerDutyApi = { host: api.host, call: (call) => life.pass(() => api.call(call)) };
    const deps = { api: asking, store: dying, clock };
    return importHistory(
      { ...deps, importOne: (incident, untilMs) => importIncident(deps, incident, 'history', untilMs) },
      { sinceMs: start - 3_600_000, services: [], pace: 1_000_000, keptEvery: 2 },
    );
  };
  const rows = async () =>
    (await scan(store, 'events'))
      .map(({ received_at: _, due_at: _due, ...row }) => row)
      .sort((one, other) => (String(one['log_key']) < String(other['log_key']) ? -1 : 1));
  return { account, run, rows };
}

describe('an import that is killed', () => {
  it.each(['before', 'after'] as const)(
    'at any of its awaits, %s what it asks for is done, and done again leaves the rows of one that is not, each once',
    async (when) => {
      const whole = setUp();
      const life = mortal(Number.POSITIVE_INFINITY, when);
      const { months } = await whole.run(life);
      const wanted = await whole.rows();
      expect(months).toEqual({ '2026-06': incidents.length });
      expect(life.awaits()).toBeGreaterThan(wanted.length + incidents.length);
      for (let diesAt = 1; diesAt <= life.awaits(); diesAt += 1) {
        const world = setUp();
        await expect(world.run(mortal(diesAt, when))).rejects.toThrow(Killed);
        const resumed = await world.run(mortal(Number.POSITIVE_INFINITY, when));
        expect([diesAt, resumed.finished, resumed.months]).toEqual([diesAt, true, months]);
        expect(await world.rows()).toEqual(wanted);
      }
    },
  );

  it('at any of its awaits, time and again, comes to its end while requests are refused and answers break off', async () => {
    const whole = setUp();
    await whole.run(mortal(Number.POSITIVE_INFINITY, 'after'));
    const world = setUp();
    let asked = 0;
    const weather = [{ status: 429 }, { status: 503 }, { cut: true as const }, { lost: true as const }];
    world.account.weather = () => {
      asked += 1;
      return asked % 3 === 0 ? undefined : weather[asked % weather.length];
    };
    let lives = 0;
    for (let diesAt = 5; ; diesAt += 1) {
      lives += 1;
      const done = await world.run(mortal(diesAt, 'after')).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        return undefined;
      });
      if (done?.finished) break;
    }
    expect(lives).toBeGreaterThan(2);
    expect(await world.rows()).toEqual(await whole.rows());
  });
});
