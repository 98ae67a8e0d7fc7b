import { listSubscriptions, readOneSubscription } from '../../adapters/pagerduty-api/subscriptions.ts';
import { isOurs, type Subscription } from '../../domain/pagerduty/subscription.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { eachMapping } from '../../store/mappings/list.ts';
import type { WatchedSubscription } from '../../store/state/reconciled.ts';
import { enableAgain } from './enable-again.ts';
import type { ReconcileDeps, Run, SubscriptionState } from './run.ts';

/**
 * Looks at the webhook subscriptions that lead here: whether they send, and whether somebody has changed them. Whether
 * all is well with them; of subscriptions that nobody knows nothing is said. Which they are is looked up anew where
 * `anew`, since that takes a request more.
 */
export async function watchSubscriptions(
  run: Pick<Run, 'deps' | 'question' | 'state' | 'report' | 'save'>,
  { anew, keeps }: { anew: boolean; keeps: boolean },
): Promise<boolean> {
  const { deps, state, report } = run;
  const known = state.subscriptions;
  const now = deps.clock.now();
  let ours: Subscription[] = [];
  for (const { id } of anew ? [] : known) ours.push(...((await seen(deps, id)) ?? []));
  if (ours.length < known.length || known.length === 0 || anew) {
    ours = await findOurs(deps, known);
    state.listedMs = now;
  }
  report.subscriptions = ours.map((each) => ({ id: each.id, state: stateOf(each) }));
  if (ours.length === 0) report.subscriptions = known.map(({ id }) => ({ id, state: 'gone' as const }));
  if (keeps) sayChanges(deps, known, ours);
  // One that is gone stays known until there is another: nothing sends meanwhile.
  if (ours.length > 0) state.subscriptions = ours.map(watched);
  const disabled = report.subscriptions.filter((each) => each.state === 'disabled');
  const silent = report.subscriptions.every((each) => each.state !== 'well');
  const well = report.subscriptions.length === 0 || (disabled.length === 0 && !silent);
  if (!keeps) return well;
  if (!well) {
    deps.telemetry.metric('SubscriptionDisabled', 1);
    deps.telemetry.warn('PagerDuty does not send everything', { subscriptions: report.subscriptions });
  }
  for (const { id } of disabled) await enableAgain(run, id);
  return well;
}

const seen = async ({ api }: ReconcileDeps, id: string): Promise<[Subscription] | undefined> => {
  const subscription = await readOneSubscription(api, id);
  return subscription && [subscription];
};

function stateOf({ active, temporarilyDisabled }: Subscription): SubscriptionState {
  if (!active) return 'off';
  return temporarilyDisabled ? 'disabled' : 'well';
}

/** By their address, where it is known, and by what webhooks came with. */
async function findOurs(deps: ReconcileDeps, known: readonly WatchedSubscription[]): Promise<Subscription[]> {
  const { api, store, webhookUrl } = deps;
  const ids = new Set([...known.map(({ id }) => id), ...(await idsOfLastIncident(store))]);
  const listed = (await listSubscriptions(api)).filter(
    ({ id, url }) => ids.has(id) || (webhookUrl !== undefined && isOurs(url, webhookUrl)),
  );
  const ours: Subscription[] = [];
  // Whether one is disabled for a while is told where one asks for it alone.
  for (const each of listed) ours.push((await readOneSubscription(api, each.id)) ?? each);
  return ours;
}

/** The subscriptions by which the last incident came. */
async function idsOfLastIncident(store: ReconcileDeps['store']): Promise<string[]> {
  let last: Row = {};
  for await (const row of eachMapping(store)) {
    if (String(row['last_incident_at'] ?? '') > String(last['last_incident_at'] ?? '')) last = row;
  }
  const id = last['last_incident_id'];
  const row = typeof id === 'string' ? await readIncident(store, id) : undefined;
  return row?.['subscription_ids'] instanceof Set ? [...row['subscription_ids']].map(String) : [];
}

const settingsOf = ({ url, filter, filterId, events, headers }: Subscription): string =>
  JSON.stringify({
    url,
    filter,
    filter_id: filterId,
    events: events.toSorted(),
    headers: headers.toSorted(),
  });

const watched = (each: Subscription): WatchedSubscription => ({
  id: each.id,
  settings: settingsOf(each),
  events: each.events,
  filter: each.filter,
  ...(each.filterId === undefined ? {} : { filterId: each.filterId }),
});

function sayChanges(
  { telemetry }: ReconcileDeps,
  known: readonly WatchedSubscription[],
  ours: readonly Subscription[],
): void {
  if (known.length === 0) return;
  const before = new Map(known.map((each) => [each.id, each.settings]));
  const now = new Map(ours.map((each) => [each.id, settingsOf(each)]));
  for (const id of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(id) === now.get(id)) continue;
    // What is gone is said again and again as long as nothing else sends.
    telemetry.metric('SubscriptionChanged', 1);
    telemetry.warn('a webhook subscription was changed in PagerDuty', {
      subscription_id: id,
      before: before.get(id) ?? 'not there',
      now: now.get(id) ?? 'gone',
    });
  }
}
