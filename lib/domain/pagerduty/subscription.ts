import { items, member, readId, readText } from './loose.ts';

/** What a subscription tells of: all of the account, or of one service or team. */
export interface SubscriptionFilter {
  type: string;
  id?: string;
}

/** A webhook subscription as PagerDuty's REST API tells it. */
export interface Subscription {
  id: string;
  url: string;
  active: boolean;
  /** Switched off by PagerDuty for a day, after three answers in a row that it took for a refusal. */
  temporarilyDisabled: boolean;
  events: string[];
  /** `account_reference`, `service_reference`, `team_reference`. */
  filter: string;
  filterId?: string;
  description?: string;
  /** Names only: what is in them is never told. */
  headers: string[];
}

/** All that PagerDuty documents. https://developer.pagerduty.com/docs/webhooks-overview#event-types */
export const documentedEvents: readonly string[] = [
  ...['triggered', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'escalated', 'reassigned'],
  ...['delegated', 'priority_updated', 'service_updated', 'incident_type.changed', 'annotated'],
  ...['custom_field_values.updated', 'status_update_published', 'conference_bridge.updated'],
  ...['responder.added', 'responder.replied', 'role.assigned', 'task.created', 'task.updated'],
  ...['task.completed', 'workflow.started', 'workflow.completed', 'action_invocation.created'],
  ...['action_invocation.updated', 'action_invocation.terminated'],
]
  .map((type) => `incident.${type}`)
  .concat(['created', 'updated', 'deleted', 'custom_field_values.updated'].map((type) => `service.${type}`));

/** Undefined for what has no id or no address. */
export function readSubscription(value: unknown): Subscription | undefined {
  const id = readId(member(value, 'id'));
  const delivery = member(value, 'delivery_method');
  const url = readText(member(delivery, 'url'), 2048);
  if (id === undefined || url === undefined) return undefined;
  const filter = member(value, 'filter');
  const filterId = readId(member(filter, 'id'));
  const description = readText(member(value, 'description'));
  return {
    id,
    url,
    active: member(value, 'active') !== false,
    temporarilyDisabled: member(delivery, 'temporarily_disabled') === true,
    events: (items(member(value, 'events')) ?? []).filter((each): each is string => typeof each === 'string'),
    filter: readText(member(filter, 'type')) ?? 'account_reference',
    ...(filterId === undefined ? {} : { filterId }),
    ...(description === undefined ? {} : { description }),
    headers: (items(member(delivery, 'custom_headers')) ?? []).flatMap(
      (header) => readText(member(header, 'name')) ?? [],
    ),
  };
}

/** Whether two addresses are one: regardless of the case of the host, the default port and a slash at the end. */
export function isOurs(url: string, webhookUrl: string): boolean {
  const [one, other] = [url, webhookUrl].map(plain);
  return one !== undefined && one === other;
}

function plain(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}${search}`;
}

export const missingEvents = (events: readonly string[]): string[] =>
  documentedEvents.filter((type) => !events.includes(type));
