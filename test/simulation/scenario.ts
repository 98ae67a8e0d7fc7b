import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import type { DestinationConfig } from '../../lib/adapters/destinations/destination-config.ts';
import type { Selection } from '../../lib/domain/incident-filter/criteria.ts';
import { type AccountPlan, drawManner, type Manner, planAccount } from './account/account-plan.ts';
import {
  type BreakagePlan,
  broken,
  definition as brokenDefinition,
  repositories as brokenFrom,
  planBreakages,
} from './breakages/breakage-plan.ts';
import { type CatalogPlan, planCatalog } from './catalog-plan.ts';
import type { Dice } from './dice.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';
import { type Intervention, planInterventions } from './operator-plan.ts';
import type { SentEvent } from './pagerduty/incident-picture.ts';
import { tellIncident } from './pagerduty/incident-story.ts';
import type { ReceiverPlan } from './receiver.ts';
import { deploymentPlans, planReceivers } from './receiver-plan.ts';
import { planReleases, type ReleaseStory, repositories } from './releases/release-story.ts';
import { planReports, type ReportStory } from './reports/report-story.ts';
import { planRollouts, type RolloutPlan, repositories as rolledOutFrom } from './rollouts/rollout-plan.ts';
import { planSecrets, type SecretsPlan } from './secrets-plan.ts';
import type { Climate } from './weather.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const startMs = Date.parse('2026-03-02T08:00:00.000Z');

/** A configuration and when it is deployed; the one before goes on for a while beside it. */
export interface Deployment {
  at: number;
  config: BridgeConfig;
  lingersMs: number;
}

/** Everything about a run that is drawn before it starts. */
export interface Scenario {
  seed: number;
  stories: SentEvent[][];
  /** What had happened before the bridge was installed. */
  untold: SentEvent[];
  /** What other programs report of incidents PagerDuty does not know. */
  reports: ReportStory[];
  /** Deployments, as other programs tell of them. */
  releases: ReleaseStory[];
  /** Deployments, as pipelines and telemetry tell of them over HTTP. */
  rollouts: RolloutPlan;
  /** Deployments and the incidents they caused; absent in most runs. */
  breakages?: BreakagePlan | undefined;
  /** Where PagerDuty's REST API is asked as well. */
  account?: AccountPlan | undefined;
  climate: Climate;
  catalog: CatalogPlan;
  receivers: ReceiverPlan[];
  deployments: Deployment[];
  secrets: SecretsPlan;
  /** What a person does by hand meanwhile. */
  interventions: Intervention[];
  /** No injected fault and no planned trouble begins after this. */
  troubleUntil: number;
  /** Largest deviation of a process's clock. */
  skewMs: number;
  /** Lambda kills what runs too long; a laptop does not. */
  enforceTimeouts: boolean;
  stream: StreamPlan;
  subscriptions: {
    duplicateRate: number;
    unordered: boolean;
    envHeader?: string;
    strays: number;
    /** Its events have ids of their own, that begin with this. */
    idsBeginWith?: string;
  }[];
  /** Chance that a warm process is replaced by a cold one. */
  recycleRate: number;
  indexLagMs: number;
  databaseSlowness: number;
  pageItems: number | undefined;
  unprocessedRate: number;
  /** Windows in which `sweep` does not run. */
  sweepPauses: readonly [number, number][];
  horizonHours: number;
  /** By then everything must have come to rest. */
  giveUpAt: number;
}

/** What of `only` and `counts` a destination is given. */
export type Choice = Pick<DestinationConfig, 'only' | 'counts'>;

export interface StreamPlan {
  shards: number;
  batchSize: number;
  attempts: number;
  duplicateRate: number;
  /** On a laptop each record goes to `forward` at once, without retries or order between incidents. */
  direct: boolean;
  /** Windows in which nothing is polled; records are trimmed after 24 h. */
  pauses: readonly [number, number][];
}

const spell = (dice: Dice, until: number, longest: number): [number, number] => {
  const from = startMs + dice.between(0, Math.max(1, until - startMs));
  return [from, from + dice.spread(minute, longest)];
};

const ingestKeys = {
  api_keys: 'ssm:/bridge/ingest',
  application_keys: 'ssm:/bridge/ingest-manager',
  github: { secret: 'ssm:/bridge/github' },
  gitlab: { token: 'ssm:/bridge/gitlab' },
};

export function drawScenario(seed: number, dice: Dice, aimed: boolean): Scenario {
  const catalogDice = dice.fork('catalog');
  const catalog = planCatalog(catalogDice, startMs);
  const accountDice = dice.fork('account');
  const manner = drawManner(accountDice);
  const { stories, untold } = drawStories(dice.fork('stories'), catalog, manner);
  const told = stories.flat();
  const storyEnd = Math.max(...told.map(({ occurredAtMs }) => occurredAtMs));
  const rough = dice.fork('rough');
  const climate = drawClimate(rough, storyEnd, aimed);
  const receivers = planReceivers(dice.fork('receivers'), storyEnd, aimed);
  // A poisoned event is tried until its horizon is over, and the next one of its incident after it.
  const poisoned = receivers.some(({ poisonShare }) => poisonShare > 0);
  const horizonHours = poisoned ? 6 : rough.chance(0.15) ? rough.pick([6, 24, 48]) : 168;
  const choices = drawChoices(dice.fork('choices'), receivers);
  const deployments = drawDeployments(
    dice.fork('deployments'),
    { receivers, choices },
    storyEnd,
    horizonHours,
  );
  const account =
    manner &&
    planAccount(accountDice, {
      manner,
      startMs,
      storyEnd,
      calmFrom: climate.calmFrom,
      destinations: receivers.map(({ name }) => name),
      times: told.map(({ occurredAtMs }) => occurredAtMs),
    });
  if (account) {
    climate.calmFrom = account.calmFrom;
    askAccount(deployments, account);
  }
  const pauses = rough.chance(0.12) ? [spell(rough, storyEnd, 30 * hour)] : [];
  const sweepPauses = rough.chance(0.1) ? [spell(rough, storyEnd, 6 * hour)] : [];
  const releases = planReleases(dice.fork('releases'), startMs + 5 * minute, storyEnd);
  const rollouts = planRollouts(dice.fork('rollouts'), startMs + 35 * minute, storyEnd);
  // One story of deployments is enough for one run.
  const breakages =
    account || releases.length + rollouts.rollouts.length > 0
      ? undefined
      : planBreakages(dice.fork('breakages'), startMs + 5 * minute);
  const secrets = planSecrets(dice.fork('secrets'), storyEnd, breakages?.change);
  const interventions = planInterventions(dice.fork('operator'), {
    destinations: receivers.map(({ name }) => name),
    incidentIds: [...new Set(told.flatMap(({ incidentId }) => incidentId ?? []))],
    storyEnd,
    calmFrom: climate.calmFrom,
  });
  const reports = planReports(dice.fork('reports'), startMs + 5 * minute, storyEnd);
  for (const { lost } of reports)
    if (lost) interventions.push({ at: lost.at, kind: 'rebuild', lost: lost.key });
  if (breakages) {
    stories.push(...breakages.outages.map(({ events }) => events));
    for (const { definitions } of catalog.pushes) definitions.push(brokenDefinition);
  }
  const deploys = releases.length + rollouts.rollouts.length > 0 || breakages !== undefined;
  if (deploys) receivers.push(...deploymentPlans(dice, storyEnd));
  if (deploys || reports.length > 0) takeReports(dice.fork('ingest'), deployments, deploys);
  const troubleUntil = Math.max(
    account?.soundFrom ?? 0,
    ...releases.flatMap(({ messages }) => messages.map(({ at }) => at)),
    ...[...rollouts.rollouts, ...(breakages?.rollouts ?? [])].flatMap(({ tellings }) =>
      tellings.map(({ at }) => at),
    ),
    ...stories.flatMap((story) => story.at(-1)?.occurredAtMs ?? 0),
    ...reports.flatMap(({ messages, withdrawnAt = 0 }) => [withdrawnAt, ...messages.map(({ at }) => at)]),
    ...interventions.map(({ at }) => at),
    storyEnd,
    climate.calmFrom,
    secrets.settledAt,
    catalog.settledAt,
    ...deployments.map(({ at, lingersMs }) => at + lingersMs),
    ...[...pauses, ...sweepPauses, ...climate.outages].map(([, until]) => until),
    // What is retired for good is no trouble that ends.
    ...receivers.flatMap(({ spells }) =>
      spells.map(([from, until]) => (until === Number.POSITIVE_INFINITY ? from : until)),
    ),
  );
  const ownIds = dice.fork('own ids');
  const longestStory = Math.max(...stories.map((story) => story.length));
  return {
    seed,
    stories,
    untold,
    reports,
    releases,
    rollouts,
    breakages,
    account,
    climate,
    catalog,
    receivers,
    deployments,
    secrets,
    interventions,
    troubleUntil,
    skewMs: rough.chance(0.5) ? 0 : rough.spread(10, rough.chance(0.2) ? 20_000 : 2_000),
    enforceTimeouts: rough.chance(0.5),
    stream: {
      shards: rough.between(1, 3),
      batchSize: rough.pick([1, 3, 10, 25]),
      attempts: rough.between(1, 4),
      duplicateRate: rough.chance(0.5) ? 0 : rough.pick([0.02, 0.1, 0.4]),
      direct: rough.chance(0.35),
      pauses,
    },
    subscriptions: Array.from({ length: rough.chance(0.15) ? 2 : 1 }, (_, at) => ({
      ...(at > 0 && ownIds.chance(0.7) && { idsBeginWith: ownIds.pick(['0', 'Z']) }),
      duplicateRate: rough.chance(0.5) ? 0 : rough.pick([0.05, 0.3]),
      unordered: rough.chance(0.2),
      strays: rough.chance(0.3) ? rough.between(1, 4) : 0,
      ...(rough.chance(0.3) && { envHeader: rough.pick(['prod', 'staging']) }),
      ...(breakages && { envHeader: broken.env }),
    })),
    recycleRate: rough.pick([0, 0.02, 0.2]),
    indexLagMs: aimed || rough.chance(0.4) ? rough.spread(100, 90_000) : rough.pick([0, 300]),
    databaseSlowness: rough.pick([1, 1, 1, 5, 20]),
    pageItems: aimed || rough.chance(0.3) ? rough.between(1, 3) : undefined,
    unprocessedRate: aimed || rough.chance(0.2) ? 0.2 : 0,
    sweepPauses,
    horizonHours,
    giveUpAt: troubleUntil + (horizonHours * (poisoned ? longestStory + 1 : 2) + 49 + 96) * hour,
  };
}

/** Whoever reports may, and whoever is told of deployments is. One repository may be left to a later configuration. */
function takeReports(dice: Dice, deployments: Deployment[], deploys: boolean): void {
  const all = { ...repositories, ...rolledOutFrom, ...brokenFrom };
  const { 'gitlab.example.com/acme/unrelated': _later, ...some } = all;
  const forgets = deployments.length > 1 && dice.chance(0.5);
  for (const [at, deployment] of deployments.entries()) {
    const { config } = deployment;
    const ingest = {
      ...ingestKeys,
      settle_minutes: 15,
      repositories: forgets && at === 0 ? some : all,
    };
    const destinations = deploys
      ? [...config.destinations, opsDestination, marksDestination]
      : config.destinations;
    deployment.config = { ...config, ingest, destinations };
  }
}

/** The bridge has a key of the account. */
function askAccount(deployments: Deployment[], { reconcile, reenable, wantsHistory }: AccountPlan): void {
  for (const { config } of deployments) {
    config.pagerduty = {
      region: 'us',
      token: 'ssm:/bridge/account',
      write_token: 'ssm:/bridge/account-writer',
      reconcile,
      reenable: reenable && reconcile === 'hourly',
    };
    config.destinations = config.destinations.map((each) =>
      each.name === wantsHistory ? { ...each, history: true } : each,
    );
  }
}

function drawStories(
  dice: Dice,
  catalog: CatalogPlan,
  manner: Manner | undefined,
): { stories: SentEvent[][]; untold: SentEvent[] } {
  const count = dice.between(1, 5);
  const cast = { services: catalog.services, priorities: ['P1', 'P2', 'P3'] };
  const untold: SentEvent[] = [];
  const stories = Array.from({ length: count }, (_, at) => {
    const start = startMs + 5 * minute + dice.spread(1, dice.chance(0.3) ? 12 * hour : 20 * minute);
    const shortest = manner ? 3 : 1;
    const length = dice.chance(0.05) ? dice.between(12, 25) : dice.between(shortest, 8);
    const events = tellIncident(dice, cast, start, 1000 + at, length, manner);
    // The bridge may have been installed in the middle of an incident.
    const from = dice.chance(0.08) ? dice.between(0, events.length - 1) : 0;
    untold.push(...events.slice(0, from));
    return events.slice(from);
  });
  return { stories, untold };
}

/** Workers that stand still, come back when others have taken over, and die. */
const zombies: readonly FaultKind[] = ['late_effect', 'late_answer', 'crash_before'];

function drawClimate(dice: Dice, storyEnd: number, aimed: boolean): Climate {
  const faultRate = aimed ? dice.pick([0, 0.003]) : dice.pick([0, 0, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08]);
  const some = dice.shuffled(faultKinds).slice(0, dice.between(1, 3));
  const kinds = dice.pick<readonly FaultKind[]>([faultKinds, faultKinds, some, some, zombies]);
  return {
    faultRate,
    kinds,
    ambushes: dice.fork('ambushes').chance(0.5),
    calmFrom: storyEnd + dice.spread(minute, 3 * hour),
    outages: dice.chance(0.08) ? [spell(dice, storyEnd, dice.chance(0.03) ? 50 * hour : hour)] : [],
  };
}

/** Which incidents some destinations want: the same in every deployment, so that a judge can tell. */
function drawChoices(dice: Dice, receivers: ReceiverPlan[]): Map<string, Choice> {
  const choice = (name: string): Choice => {
    const only = dice.pick<Selection>([
      { priorities: ['p1'] },
      { priorities: ['P1', 'P2'] },
      { not: { priorities: ['P3'] } },
      { urgencies: ['high'], priorities: ['P1', 'P2', 'P3'] },
      { urgencies: ['low'] },
    ]);
    return name === 'datadog' && dice.chance(0.5) ? { counts: only } : { only };
  };
  const choosy = receivers.filter(() => dice.chance(0.25));
  return new Map(choosy.map(({ name }) => [name, choice(name)]));
}

const nameChanges = [
  ['exact', 'folded'],
  ['exact', 'folded'],
  ['exact', 'loose'],
  ['folded', 'exact'],
] as const;

function drawDeployments(
  dice: Dice,
  { receivers, choices }: { receivers: ReceiverPlan[]; choices: Map<string, Choice> },
  storyEnd: number,
  horizonHours: number,
): Deployment[] {
  const first: BridgeConfig = {
    authenticate: {
      signing_secrets: 'ssm:/bridge/signing',
      ...(dice.chance(0.2) && { api_keys: 'ssm:/bridge/keys' }),
    },
    severity: dice.chance(0.5) ? { P1: 'SEV-1' } : {},
    unmatched: dice.pick(['hold', 'hold', 'hold', 'passthrough', 'drop'] as const),
    retry: { horizon_hours: horizonHours },
    retention_days: Math.max(60, Math.ceil(horizonHours / 24) + 8),
    metrics_retention_days: 800,
    link: { window_hours: 24 },
    destinations: receivers.map((receiver) => ({
      ...destinationOf(receiver, dice),
      ...choices.get(receiver.name),
      ...(receiver.mostAtOnce !== undefined && { max_in_flight: receiver.mostAtOnce }),
    })),
    ...(dice.chance(0.5) && { default_env: 'prod' }),
  };
  // How names are compared may change with the deployment.
  const names = dice.fork('names');
  if (names.chance(0.3)) first.names = names.pick(['exact', 'exact', 'folded', 'loose']);
  const deployments: Deployment[] = [{ at: 0, config: first, lingersMs: 0 }];
  if (!dice.chance(0.25)) return deployments;
  const during = startMs + dice.between(0, storyEnd - startMs);
  const change = dice.pick(['severity', 'add', 'remove', 'unmatched', 'default_env'] as const);
  const [one, ...others] = first.destinations as [DestinationConfig, ...DestinationConfig[]];
  const config: BridgeConfig = { ...first };
  if (change === 'severity') config.severity = { P1: 'critical', P2: 'major' };
  else if (change === 'default_env') config.default_env = 'production';
  else if (change === 'unmatched') config.unmatched = 'passthrough';
  else if (change === 'remove' && others.length > 0) config.destinations = others;
  else if (change === 'add') {
    (deployments[0] as Deployment).config = { ...first, destinations: others.length > 0 ? others : [one] };
  }
  let at = during;
  if (names.chance(0.7)) {
    [first.names, config.names] = names.pick(nameChanges);
    // Nothing else may come then that would wake what is held.
    if (names.chance(0.7)) at = storyEnd + names.spread(minute, 3 * hour);
  }
  return [...deployments, { at, config, lingersMs: dice.spread(second, 10 * minute) }];
}

function destinationOf(receiver: ReceiverPlan, dice: Dice): DestinationConfig {
  if (receiver.name === 'datadog') {
    return {
      name: 'datadog',
      type: 'datadog',
      base_url: 'https://datadog.example.com',
      api_key: 'ssm:/bridge/datadog',
      ...(dice.chance(0.5) && { application_key: 'ssm:/bridge/datadog-app' }),
    };
  }
  return {
    name: receiver.name,
    type: 'webhook',
    url: `https://${receiver.name}.example.com/hook`,
    ...(dice.chance(0.7) && { secret: 'ssm:/bridge/outgoing' }),
    ...(dice.chance(0.2) && { events: ['incident.triggered', 'incident.resolved', 'incident.reopened'] }),
  };
}

/** Told of deployments, and of nothing else. */
const opsDestination: DestinationConfig = {
  name: 'ops',
  type: 'webhook',
  url: 'https://ops.example.com/hook',
  secret: 'ssm:/bridge/outgoing',
  events: ['deployment.*'],
};

/** Shows deployments at Datadog, and which of them failed. */
const marksDestination: DestinationConfig = {
  name: 'marks',
  type: 'datadog',
  base_url: 'https://marks.example.com',
  api_key: 'ssm:/bridge/datadog',
  application_key: 'ssm:/bridge/datadog-app',
  report: ['deployments', 'change_failures'],
};
