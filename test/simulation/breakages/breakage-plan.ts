import type { Definition } from '../catalog-plan.ts';
import type { Dice } from '../dice.ts';
import type { ServicePicture } from '../pagerduty/incident-picture.ts';
import { type Target, tellAsDatadogCi, tellAsGitHub } from '../rollouts/ci-requests.ts';
import type { Build } from '../rollouts/fleet.ts';
import type { Rollout, Telling } from '../rollouts/rollout-plan.ts';
import type { Change } from '../secrets-plan.ts';
import { type Outage, tellOutage } from './outage-events.ts';

/** A service that is deployed and has incidents, in one environment: which of them caused which is the question. */
export interface BreakagePlan {
  /** With those of the other environment, which caused nothing. */
  rollouts: (Rollout & { env: string })[];
  outages: Outage[];
  /** The secret of pipelines is changed while one of them tells of a deployment. */
  change?: Change;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Nobody else uses this service and these environments. */
export const broken: Target = { service: 'checkout', env: 'storefront', project: 'acme/checkout' };
const elsewhere: Target = { ...broken, env: 'storefront-test' };
export const repositories = { 'github.com/acme/checkout': broken.service };

const pagerduty: ServicePicture = { id: 'PSVCCHECKOUT', name: 'The checkout of the shop', teams: [] };
export const definition: Definition = { name: broken.service, team: 'buyers', pagerduty: pagerduty.id };

/** Less, and two deployments of one build would rightly be taken for one. */
const apart = 20 * minute;
/** Whatever is deployed in it may be to blame. */
const window = 24 * hour;

const whole = (ms: number) => ms - (ms % second);

/**
 * In some runs a service breaks by what is deployed: while it is, soon after, or a day later; is rolled back or
 * deployed anew while its incident lasts. Deployments are told at once or hours late, when their incidents have long
 * been judged, or are over; incidents go on as others.
 */
export function planBreakages(dice: Dice, from: number): BreakagePlan | undefined {
  if (!dice.chance(0.2)) return undefined;
  const plan: BreakagePlan = { rollouts: [], outages: [] };
  const rotates = dice.chance(0.6);
  let at = whole(from + dice.spread(minute, 90 * minute));
  for (let count = dice.between(2, 4); count > 0; count--) {
    const rotated = rotates && plan.change === undefined;
    const rollout = rotated ? deployDuringChange(dice, plan, at) : deploy(dice, plan, at);
    if (dice.chance(0.8)) plan.outages.push(breakDown(dice, plan, rollout));
    if (dice.chance(0.3)) deployElsewhere(dice, plan, rollout);
    at = whole(rollout.finishedAt + dice.spread(apart, dice.chance(0.6) ? hour : 6 * hour));
  }
  return plan;
}

function buildOf(dice: Dice, { rollouts }: BreakagePlan): Build {
  const ran = rollouts.filter(({ failed, env }) => !failed && env === broken.env);
  // As far back as it goes, past what came in between: that is what Datadog makes its own mind up about.
  const back = dice.chance(0.4) ? ran.find(({ version }) => version !== ran.at(-1)?.version) : undefined;
  if (back) return back;
  const number = rollouts.length + 1;
  return { version: `4.${number}.0`, commit: String(number).repeat(40) };
}

function deploy(dice: Dice, plan: BreakagePlan, startedAt: number): Rollout {
  const { version, commit } = buildOf(dice, plan);
  const finishedAt = startedAt + dice.between(10, 600) * second;
  const failed = dice.chance(0.12);
  const isApi = !failed && dice.chance(0.5);
  const rollout = {
    version,
    commit,
    startedAt,
    finishedAt,
    failed,
    env: broken.env,
    tellings: [] as Telling[],
  };
  rollout.tellings = told(dice, rollout, plan.rollouts.length, isApi, broken);
  if (dice.chance(0.45)) late(dice, rollout);
  plan.rollouts.push(rollout);
  const last = Math.max(...rollout.tellings.map(({ at }) => at));
  if (isApi && dice.chance(0.15))
    Object.assign(rollout, { takenBackAt: last + dice.spread(minute, 3 * hour) });
  return rollout;
}

/** Its pipeline signs the end with another secret than the beginning, which the bridge was told of in between. */
function deployDuringChange(dice: Dice, plan: BreakagePlan, startedAt: number): Rollout {
  const { version, commit } = buildOf(dice, plan);
  const finishedAt = startedAt + dice.between(150, 270) * second;
  const rollout = { version, commit, startedAt, finishedAt, failed: false, env: broken.env };
  const tellings = told(dice, rollout, plan.rollouts.length, false, broken);
  plan.rollouts.push({ ...rollout, tellings });
  const known = startedAt + dice.between(10, 30) * second;
  plan.change = { told: known, at: known + dice.between(45, 90) * second };
  return { ...rollout, tellings };
}

/** Nearer to what breaks then, and not to blame. */
function deployElsewhere(dice: Dice, plan: BreakagePlan, { finishedAt: before, ...build }: Rollout): void {
  const startedAt = before + dice.between(5, 60) * second;
  const { version, commit } = build;
  const rollout = { version, commit, startedAt, finishedAt: startedAt + 20 * second, failed: false };
  const tellings = told(dice, rollout, plan.rollouts.length, dice.chance(0.5), elsewhere);
  plan.rollouts.push({ ...rollout, env: elsewhere.env, tellings });
}

/** One source a deployment: what several tell of one is the matter of others. */
function told(
  dice: Dice,
  rollout: Omit<Rollout, 'tellings'>,
  number: number,
  isApi: boolean,
  target: Target,
): Telling[] {
  const source = isApi ? 'dora_api' : 'github';
  // Far from the numbers of other pipelines.
  const requests = (isApi ? tellAsDatadogCi : tellAsGitHub)(rollout, 100 + number, dice, target);
  const tries = isApi ? 6 : 4;
  return requests.map((request) => ({
    ...request,
    source,
    at: (request.endsAt === undefined ? rollout.startedAt : rollout.finishedAt) + dice.spread(10, 5_000),
    triesAgainAfter: Array.from({ length: tries }, (_, at) => 5 * second * 4 ** at),
  }));
}

/** Its end, or both: after what it has broken was judged, and mostly after that was over too. */
function late(dice: Dice, { tellings }: Rollout): void {
  const by = dice.spread(10 * minute, 9 * hour);
  const all = dice.chance(0.7);
  for (const telling of tellings) if (all || telling.endsAt !== undefined) telling.at += by;
}

function breakDown(dice: Dice, { outages }: BreakagePlan, { startedAt, finishedAt }: Rollout): Outage {
  const number = 2000 + outages.length;
  const way = dice.unit();
  const soon = finishedAt + dice.spread(10 * second, way < 0.6 ? 15 * minute : 3 * hour);
  const edge = finishedAt + window + dice.between(-1, 1) * second;
  const during = dice.between(startedAt, finishedAt);
  const begun = whole(way < 0.75 ? soon : way < 0.9 ? during : edge);
  const ends = dice.chance(0.85);
  const endedAt = begun + whole(dice.spread(2 * minute, 5 * hour));
  const isMerged = ends && outages.length > 0 && dice.chance(0.35);
  const outage = {
    id: `Q${dice.id(13)}`,
    startedAt: begun,
    ...(ends && { endedAt }),
    ...(ends && !isMerged && endedAt - begun > 10 * minute && dice.chance(0.25) && { quietMs: 4 * minute }),
    ...(isMerged && { mergedInto: dice.pick(outages).id }),
  };
  return { ...outage, events: tellOutage(dice, pagerduty, number, outage) };
}
