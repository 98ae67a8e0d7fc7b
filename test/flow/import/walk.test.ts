import type { AccountIncident } from '../../../lib/domain/pagerduty/history/account-incident.ts';
import { type HistoryQuestion, importHistory } from '../../../lib/flow/import/import-history.ts';
import type { ImportProgress } from '../../../lib/store/state/imports.ts';
import type { StandInIncident } from '../../support/pagerduty/rest-view.ts';
import { accountWith, memoryStore, virtualClock } from './fixture.ts';

const day = 86_400_000;
const end = Date.parse('2026-06-30T00:00:00Z');

const incidentAt = (createdMs: number, index: number): StandInIncident => {
  const created_at = new Date(createdMs).toISOString().replace('.000Z', 'Z');
  const service = { id: index % 2 === 0 ? 'PEVEN' : 'PODD', type: 'service_reference' };
  return {
    id: `Q${index}`,
    createdMs,
    entries: [],
    shown: { id: `Q${index}`, status: 'resolved', created_at, service },
  };
};

/** In whole seconds, spread evenly. */
const spread = (count: number, fromMs: number, toMs: number, firstIndex: number) =>
  Array.from({ length: count }, (_, at) =>
    incidentAt(Math.floor((fromMs + ((toMs - fromMs) * at) / count) / 1000) * 1000, firstIndex + at),
  );

function setUp(incidents: StandInIncident[]) {
  const clock = virtualClock();
  const { account, api } = accountWith(clock, {
    incidents: incidents.toSorted((one, other) => one.createdMs - other.createdMs),
    rateLimit: 1_000_000,
  });
  const store = memoryStore(clock);
  const imported: string[] = [];
  let diesAt = Number.POSITIVE_INFINITY;
  const run = (question: Partial<HistoryQuestion> = {}): Promise<ImportProgress> =>
    importHistory(
      {
        api,
        store,
        clock,
        async importOne(incident: AccountIncident) {
          if (imported.length >= diesAt) throw new Error('killed');
          imported.push(incident.id);
          return { written: 1, known: 0, unknown: {} };
        },
      },
      { sinceMs: end - 90 * day, untilMs: end, services: [], pace: 1_000_000, ...question },
    );
  return {
    account,
    imported,
    run,
    dieAfter: (count: number) => {
      diesAt = count;
    },
  };
}

describe('a walk through the past', () => {
  it('meets each of 37,000 incidents once, also where 12,000 are of one hour', async () => {
    const hour = end - 40 * day;
    const { imported, run } = setUp([
      ...spread(25_000, end - 90 * day, end, 0),
      ...spread(12_000, hour, hour + 3_600_000, 25_000),
    ]);
    const progress = await run();
    expect(imported).toHaveLength(37_000);
    expect(new Set(imported).size).toBe(37_000);
    expect(Object.values(progress.months).reduce((sum, each) => sum + each, 0)).toBe(37_000);
    expect(progress).toMatchObject({ finished: true, unreadable: 0 });
  });

  it('says how many of one second it could not read, and reads the others', async () => {
    const second = end - 5 * day;
    const crowd = Array.from({ length: 10_050 }, (_, index) => incidentAt(second, index));
    const { imported, run } = setUp([
      ...crowd,
      incidentAt(second - 1000, 20_000),
      incidentAt(second + 1000, 20_001),
    ]);
    const { unreadable } = await run({ sinceMs: end - 10 * day });
    expect(unreadable).toBe(50);
    expect(imported).toHaveLength(10_002);
  });

  it('takes the first and the last second along, and what lies on the border of two windows once', async () => {
    const { imported, run } = setUp([
      incidentAt(end - 90 * day, 1),
      incidentAt(end - 60 * day, 2),
      incidentAt(end - 30 * day, 3),
      incidentAt(end, 4),
      incidentAt(end + 1000, 5),
      incidentAt(end - 90 * day - 1000, 6),
    ]);
    await run();
    expect(imported.toSorted()).toEqual(['Q1', 'Q2', 'Q3', 'Q4']);
  });

  it('asks for the services that are wanted and no other', async () => {
    const { imported, run } = setUp(spread(10, end - day, end, 0));
    await run({ services: ['PODD'] });
    expect(imported.toSorted()).toEqual(['Q1', 'Q3', 'Q5', 'Q7', 'Q9']);
  });

  it.each([0, 1, 7, 25, 26, 40, 59])(
    'that is killed after %i of 60 incidents goes on where it was, and counts each once',
    async (count) => {
      const { imported, run, dieAfter } = setUp([
        ...spread(40, end - 50 * day, end, 0),
        // Many of one second: the place in it must be known.
        ...Array.from({ length: 20 }, (_, index) => incidentAt(end - 20 * day, 100 + index)),
      ]);
      dieAfter(count);
      await expect(run({ keptEvery: 5 })).rejects.toThrow('killed');
      dieAfter(Number.POSITIVE_INFINITY);
      const { months, finished } = await run({ keptEvery: 5 });
      expect(finished).toBe(true);
      expect(new Set(imported).size).toBe(60);
      expect(imported.length).toBeLessThanOrEqual(60 + 5);
      expect(Object.values(months).reduce((sum, each) => sum + each, 0)).toBe(60);
    },
  );

  it('survives storms of 429, 5xx and connections that break, at every kind of request', async () => {
    const { account, imported, run } = setUp(spread(450, end - 90 * day, end, 0));
    let asked = 0;
    const weather = [
      { status: 429 },
      { status: 503, after: true as const },
      { cut: true as const },
      { lost: true as const },
    ];
    account.weather = () => {
      asked += 1;
      return asked % 3 === 0 ? undefined : weather[asked % weather.length];
    };
    await run();
    expect(new Set(imported).size).toBe(450);
    expect(imported).toHaveLength(450);
  });

  it('leaves what is younger than ten minutes to webhooks, unless an end is given', async () => {
    const now = virtualClock().now();
    const { imported, run } = setUp([incidentAt(now - 601_000, 1), incidentAt(now - 599_000, 2)]);
    const { untilMs: _, ...open } = { sinceMs: now - day, services: [], pace: 1000, untilMs: 0 };
    await run({ ...open, untilMs: undefined as never });
    expect(imported).toEqual(['Q1']);
  });
});
