import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type TableName, tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { type CarriedOutImport, runImport } from './account/operator-import.ts';
import { createReconcileTimer } from './account/reconcile-timer.ts';
import { createRestSide } from './account/rest-side.ts';
import { type Surroundings, storeOf, tablePrefix } from './application.ts';
import { runCatalogPush } from './catalog-push.ts';
import { createDice } from './dice.ts';
import type { Change } from './dynamodb/database.ts';
import { createMemoryDynamoDb, type MemoryDynamoDb } from './dynamodb/memory-dynamodb.ts';
import { createEventSource } from './event-source.ts';
import type { Circumstance } from './fault-kinds.ts';
import { intervene, type Rematches } from './operator.ts';
import { toldWithOwnId } from './pagerduty/incident-picture.ts';
import { type Stranger, strangers } from './pagerduty/strangers.ts';
import { type Attempt, createSubscription } from './pagerduty/subscription.ts';
import { createPlatform } from './platform.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { ReleaseMessage } from './releases/release-story.ts';
import { createReleaser } from './releases/releaser.ts';
import { createReporter, type ReportAttempt, type WithdrawalAttempt } from './reports/reporter.ts';
import type { RolloutPlan } from './rollouts/rollout-plan.ts';
import { createRolloutSender, emptyLedger, type RolloutLedger } from './rollouts/rollout-sender.ts';
import { drawScenario, hour, minute, type Scenario, startMs } from './scenario.ts';
import { createScheduler } from './scheduler.ts';
import { createSweepTimer } from './sweep-timer.ts';
import { bump, emptyTally, pair, type Tally } from './tally.ts';
import { type Aim, createWeather } from './weather.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows are looked at by their public attribute names
export type Row = Record<string, any>;

/** Everything the oracle may look at when a run is over. */
export interface Run {
  scenario: Scenario;
  attempts: Attempt[];
  reported: ReportAttempt[];
  withdrawals: WithdrawalAttempt[];
  /** What was told of deployments and taken. */
  released: Set<ReleaseMessage>;
  /** What pipelines and collectors sent, and what they heard. */
  rolledOut: RolloutLedger;
  /** The same of what broke something. */
  broke: RolloutLedger;
  strangers: Stranger[];
  /** What an operator had imported. */
  imports: CarriedOutImport[];
  receivers: Map<string, Receiver>;
  /** All rows of a table as they are at the end. */
  rows(table: TableName): Row[];
  /** Every change of every table, in order. */
  changes: Change[];
  metrics: Record<string, number>;
  tally: Tally;
  faults: number;
  endedAt: number;
  /** The run came to rest by itself. */
  settled: boolean;
  /** The longest time anything due was left lying after the storm. */
  overdueMs: number;
  /** So much happened within a minute that the product must be running in circles. */
  circling: boolean;
  /** What a person had matched again. */
  rematches: Rematches;
  /** When the last push of the catalog was done. */
  catalogDoneAt: number;
  /** Promises the product let fail without anybody listening. */
  loose: string[];
  trace: string[];
}

export interface RunOptions {
  seed: number;
  aim?: Aim | undefined;
  traced?: boolean;
}

/** A busy minute of a small world has some thousand steps. */
const mostStepsPerMinute = 100_000;

/** Plays one seed from the first webhook until nothing is owed any more. */
export async function playSeed({ seed, aim, traced = false }: RunOptions): Promise<Run> {
  const dice = createDice(seed);
  const scenario = drawScenario(
    seed,
    dice.fork('scenario'),
    aim !== undefined && aim.occurrence === undefined,
  );
  const scheduler = createScheduler(startMs - 2 * hour);
  const tally = emptyTally();
  const trace: string[] = [];
  const note = (line: () => string) => {
    if (traced) trace.push(`${new Date(scheduler.now()).toISOString()} ${line()}`);
  };
  const weather = createWeather(dice.fork('weather'), scenario.climate, scheduler, tally, aim);
  const lag = dice.fork('lag');
  const changes: Change[] = [];
  let underWay = '';
  const aimedAt = (what: Circumstance) => aim?.fault === what && aim.label === underWay;
  /** Answers that hold rows, and could be cut into pages. */
  const pages: Record<string, number> = {};
  let watchInserts = (_change: Change) => {};
  const stormy = () => scheduler.now() < scenario.climate.calmFrom;
  const database = createMemoryDynamoDb(tableDefinitions, (name) => `${tablePrefix}${name}`, {
    now: scheduler.now,
    indexLag: () => (scenario.indexLagMs > 0 ? lag.between(0, scenario.indexLagMs) : 0),
    readLag: () => (lag.chance(0.1) ? lag.between(0, 2_000) : 0),
    pageItems: () => {
      if (!stormy()) return undefined;
      return aimedAt('short_page') ? 1 : scenario.pageItems;
    },
    unprocessed: () => {
      const rate = aimedAt('unprocessed') ? 0.5 : scenario.unprocessedRate;
      return rate > 0 && stormy() && lag.chance(rate);
    },
    onChange: (change) => {
      changes.push(change);
      const mark = change.after?.['due_at']?.S;
      if (mark !== undefined && mark !== change.before?.['due_at']?.S) timer.due(Date.parse(mark));
      if (change.table === 'events' && !change.before && change.after) watchInserts(change);
    },
  });
  const receivers = new Map(
    scenario.receivers.map((plan) => [plan.name, createReceiver(plan, dice.fork(`receiver ${plan.name}`))]),
  );
  const metrics: Record<string, number> = {};
  const around: Surroundings = {
    database,
    receivers,
    secrets: scenario.secrets,
    databaseSlowness: scenario.databaseSlowness,
    dice: dice.fork('surroundings'),
    tally,
    now: scheduler.now,
    takesEffect: (label) => {
      underWay = label;
    },
    circumstance: (label, input, output) => {
      const found = circumstanceOf(database, scheduler.now(), input as Looked, output);
      for (const name of found) bump(tally.faults, pair(label, name));
      if (stormy() && Number(output['ScannedCount']) > 0) bump(pages, pair(label, 'short_page'));
    },
    metric: (name, value) => bump(metrics, name, value),
    trace: note,
  };
  const deps = { scheduler, weather, dice: dice.fork('latency'), trace: note };
  const platform = createPlatform(deps, scenario, around, dice.fork('platform'));
  const source = createEventSource(scheduler, dice.fork('stream'), scenario.stream, (records, done) =>
    platform.invoke(
      'forward',
      (application) => application.forward({ Records: records }, 60_000),
      (outcome) => {
        timer.wake();
        done(
          outcome.kind === 'returned'
            ? { failures: outcome.value.batchItemFailures.map((f) => f.itemIdentifier) }
            : 'failed',
        );
      },
    ),
  );
  watchInserts = (change) => {
    source.insert(change);
    timer.wake();
  };

  const attempts: Attempt[] = [];
  const subscriptions = scenario.subscriptions.map((plan, at) =>
    createSubscription(
      {
        scheduler,
        dice: dice.fork(`subscription ${at}`),
        record: (attempt) => {
          attempts.push(attempt);
          note(
            () =>
              `pagerduty: ${attempt.event.type} ${attempt.event.eventId} -> ${attempt.status ?? 'no answer'}`,
          );
        },
        post: (request, listener) => {
          const arrivedAtMs = scheduler.now();
          platform.invoke(
            'receive',
            (application) => application.receive({ ...request, arrivedAtMs }),
            (outcome) => {
              if (outcome.kind === 'returned') listener(outcome.value);
              else listener({ status: 502, body: '' });
            },
          );
        },
      },
      {
        id: `PSUB${at}`,
        secrets: scenario.secrets.signing,
        headers: {
          ...(plan.envHeader && { dd_env: plan.envHeader }),
          ...(scenario.deployments[0]?.config.authenticate.api_keys && {
            'dd-api-key': scenario.secrets.apiKey,
          }),
        },
        duplicateRate: plan.duplicateRate,
        unordered: plan.unordered,
        gaps: scenario.account?.gaps ?? [],
      },
    ),
  );
  for (const story of scenario.stories) {
    for (const [at, subscription] of subscriptions.entries()) {
      const { idsBeginWith } = scenario.subscriptions[at] ?? {};
      let readyAt = 0;
      for (const happened of story) {
        const event = idsBeginWith === undefined ? happened : toldWithOwnId(happened, idsBeginWith);
        readyAt = Math.max(readyAt, event.occurredAtMs + dice.spread(100, 3_000));
        scheduler.at(readyAt, () => subscription.enqueue(event));
      }
    }
  }
  const { account } = scenario;
  const restSide =
    account &&
    createRestSide(account, {
      now: scheduler.now,
      dice: dice.fork('rest'),
      stormy,
      stories: scenario.stories.map((story) => [
        ...scenario.untold.filter(({ incidentId }) => incidentId === story[0]?.incidentId),
        ...story,
      ]),
      subscriptions,
    });
  around.askPagerDuty = restSide?.answer;
  const reconciling =
    account?.reconcile === 'hourly' &&
    createReconcileTimer({ scheduler, platform, soundFrom: account.soundFrom });
  if (reconciling) reconciling.start(startMs - hour);
  const imports: CarriedOutImport[] = [];
  const reported: ReportAttempt[] = [];
  const withdrawals: WithdrawalAttempt[] = [];
  const reporter = createReporter(
    {
      scheduler,
      dice: dice.fork('reporter'),
      record: (attempt) => {
        reported.push(attempt);
        note(() => `reporter: message ${attempt.message.number} -> ${attempt.status ?? 'no answer'}`);
      },
      post: ({ attributes }, listener) => {
        const request = {
          method: 'POST',
          path: '/api/v2/dora/failure',
          query: '',
          headers: { 'dd-api-key': scenario.secrets.parameter('/bridge/ingest', scheduler.now()) },
          rawBody: Buffer.from(JSON.stringify({ data: { attributes } })),
          arrivedAtMs: scheduler.now(),
        };
        platform.invoke(
          'ingest',
          ({ ingest }) => ingest?.handle(request) ?? Promise.resolve(undefined),
          (outcome) => listener(outcome.kind === 'returned' ? outcome.value : undefined),
        );
      },
      recordWithdrawal: (attempt) => withdrawals.push(attempt),
      withdraw: (id, listener) =>
        platform.invoke(
          'ingest',
          ({ ingest }) =>
            ingest?.handle({
              method: 'DELETE',
              path: `/api/v2/dora/failure/${id}`,
              query: '',
              headers: {
                'dd-api-key': scenario.secrets.parameter('/bridge/ingest', scheduler.now()),
                'dd-application-key': scenario.secrets.parameter('/bridge/ingest-manager', scheduler.now()),
              },
              rawBody: new Uint8Array(),
              arrivedAtMs: scheduler.now(),
            }) ?? Promise.resolve(undefined),
          (outcome) => listener(outcome.kind === 'returned' ? outcome.value?.status : undefined),
        ),
    },
    scenario.reports,
  );
  const released = new Set<ReleaseMessage>();
  const releaser = createReleaser(
    {
      scheduler,
      dice: dice.fork('releaser'),
      record: (message) => {
        released.add(message);
        note(() => `releaser: ${message.source} told ${message.entry.eventType} of ${message.id}`);
      },
      tell: (entry, listener) =>
        platform.invoke(
          'ingest',
          (application) => application.tell(entry),
          (outcome) => listener(outcome.kind === 'returned'),
        ),
    },
    scenario.releases,
  );
  const rolledOut = emptyLedger();
  const broke = emptyLedger();
  const pipelines = (purpose: string, plan: RolloutPlan, ledger: RolloutLedger) =>
    createRolloutSender(
      {
        scheduler,
        dice: dice.fork(purpose),
        secrets: scenario.secrets,
        note,
        ask: (request, listener) =>
          platform.invoke(
            'ingest',
            ({ ingest }) => ingest?.handle(request) ?? Promise.resolve(undefined),
            (outcome) => listener(outcome.kind === 'returned' ? outcome.value : undefined),
          ),
      },
      plan,
      ledger,
    );
  const rolling = pipelines('rollouts', scenario.rollouts, rolledOut);
  const { rollouts: breaking = [] } = scenario.breakages ?? {};
  const breaks = pipelines('breakages', { rollouts: breaking, canaries: [], exports: [] }, broke);
  const uninvited = strangers(dice.fork('strangers'), scenario);
  for (const stranger of uninvited) {
    scheduler.at(stranger.at, () => {
      if (stranger.authentic) {
        subscriptions[0]?.enqueue(stranger.authentic);
        return;
      }
      const arrivedAtMs = scheduler.now();
      platform.invoke(
        'receive',
        (application) => application.receive({ ...stranger.request, arrivedAtMs }),
        (outcome) => {
          stranger.status = outcome.kind === 'returned' ? outcome.value.status : undefined;
        },
      );
    });
  }

  let busy = 0;
  let catalogDoneAt = 0;
  for (const push of scenario.catalog.pushes) {
    busy += 1;
    scheduler.at(push.at, () =>
      runCatalogPush({ platform, around, scheduler }, push, () => {
        busy -= 1;
        catalogDoneAt = scheduler.now();
        timer.wake(3);
      }),
    );
  }
  for (const planned of account?.imports ?? []) {
    busy += 1;
    scheduler.at(planned.at, () =>
      runImport({ platform, around, scheduler }, planned, imports, () => {
        busy -= 1;
        timer.wake(3);
      }),
    );
  }
  const rematches: Rematches = new Map();
  const lose = (incidentId: string) => {
    database.execute('DeleteItem', {
      TableName: `${tablePrefix}incidents`,
      Key: { incident_id: { S: incidentId } },
    });
    // What was matched again and not frozen since is lost with it.
    for (const rematch of rematches.get(incidentId) ?? []) rematch.done = false;
  };
  for (const intervention of scenario.interventions) {
    busy += 1;
    scheduler.at(intervention.at, () => {
      if (intervention.kind === 'rebuild' && intervention.lost !== undefined) lose(intervention.lost);
      intervene(
        { platform, around, scheduler, deployments: scenario.deployments, rematches },
        intervention,
        () => {
          busy -= 1;
          timer.wake(3);
        },
      );
    });
  }
  for (const pin of scenario.catalog.pins) {
    scheduler.at(pin.at, () => {
      const store = storeOf(platform.spawn('cli'), around);
      database.execute('UpdateItem', {
        TableName: store.table('mappings'),
        Key: { pagerduty_service_id: { S: pin.serviceId } },
        UpdateExpression: 'SET #services = :services, #team = :team',
        ExpressionAttributeNames: { '#services': 'pinned_services', '#team': 'pinned_team' },
        ExpressionAttributeValues: {
          ':services': { L: pin.services.map((S) => ({ S })) },
          ':team': { S: pin.team ?? 'none' },
        },
      });
      timer.wake(3);
    });
  }

  let settled = false;
  const timer = createSweepTimer({
    scheduler,
    database,
    pauses: scenario.sweepPauses,
    // Sweeps come again every minute, but a late answer of the storm may hold one up for half an hour.
    overdueFrom:
      Math.max(scenario.climate.calmFrom, ...scenario.sweepPauses.map(([, until]) => until)) + 2 * hour,
    sweep: (done) =>
      platform.invoke(
        'sweep',
        (application) => application.sweep(60_000),
        (outcome) => {
          if (outcome.kind !== 'returned') bump(tally.counts, 'sweeps failed');
          done();
        },
      ),
    quiet: () =>
      scheduler.now() > scenario.troubleUntil &&
      busy === 0 &&
      platform.running().length === 0 &&
      source.idle() &&
      reporter.waiting() === 0 &&
      releaser.waiting() === 0 &&
      rolling.waiting() === 0 &&
      breaks.waiting() === 0 &&
      (!reconciling || reconciling.isOver()) &&
      subscriptions.every((subscription) => subscription.waiting() === 0),
    settle: () => {
      settled = true;
    },
  });
  timer.start();
  let windowEnd = 0;
  let windowSteps = 0;
  let circling = false;
  await scheduler.run(() => {
    if (scheduler.now() > windowEnd) {
      windowEnd = scheduler.now() + minute;
      windowSteps = 0;
    }
    windowSteps += 1;
    circling = windowSteps > mostStepsPerMinute;
    return settled || circling || scheduler.now() > scenario.giveUpAt;
  });
  note(
    () =>
      `end: busy ${busy} running ${platform.running()} stream idle ${source.idle()} waiting ${subscriptions.map((s) => s.waiting())}`,
  );
  if (!aim) {
    const seen = { ...weather.occurrences(), ...pages };
    for (const [name, times] of Object.entries(seen)) tally.witnesses[name] = [{ seed, times }];
  }
  bump(tally.counts, 'webhooks', attempts.length);
  bump(tally.counts, 'simulated hours', Math.round((scheduler.now() - startMs) / hour));
  bump(tally.counts, 'steps', scheduler.steps());
  bump(
    tally.counts,
    'awaits',
    Object.values(tally.awaits).reduce((sum, count) => sum + count, 0),
  );
  return {
    scenario,
    attempts,
    reported,
    withdrawals,
    released,
    rolledOut,
    broke,
    strangers: uninvited,
    imports,
    receivers,
    rows: (table) =>
      [...(database.tables.get(`${tablePrefix}${table}`)?.partitions() ?? [])]
        .flat()
        .map(({ item }) => unmarshall(item as never)),
    changes,
    metrics,
    tally,
    faults: weather.faults(),
    endedAt: scheduler.now(),
    settled,
    circling,
    overdueMs: timer.overdueMs(),
    rematches,
    catalogDoneAt,
    loose: [],
    trace,
  };
}

interface Looked {
  TableName?: string;
  IndexName?: string;
  Limit?: number;
}

function circumstanceOf(
  database: MemoryDynamoDb,
  now: number,
  input: Looked,
  output: Record<string, unknown>,
): string[] {
  const found: string[] = [];
  const index =
    input.IndexName === undefined
      ? undefined
      : database.tables.get(input.TableName ?? '')?.indexes.get(input.IndexName);
  if (index?.behind(now)) found.push('stale_index');
  if (
    output['LastEvaluatedKey'] &&
    Number(output['ScannedCount']) < (input.Limit ?? Number.POSITIVE_INFINITY)
  ) {
    found.push('short_page');
  }
  const left = output['UnprocessedKeys'] ?? output['UnprocessedItems'];
  if (left && Object.keys(left).length > 0) found.push('unprocessed');
  return found;
}
