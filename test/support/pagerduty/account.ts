import type { Clock } from '../../../lib/ports.ts';
import type { StandInIncident } from './rest-view.ts';

export interface StandInService {
  id: string;
  name: string;
  teams: { id: string; name: string }[];
  status?: 'active' | 'disabled';
}

export interface StandInSubscription {
  id: string;
  url: string;
  active: boolean;
  temporarilyDisabled: boolean;
  events: string[];
  filter: { type: string; id?: string };
  description: string;
  headers: { name: string; value: string }[];
  /** Told once, to whoever made it. */
  secret: string;
}

/** What befalls a request, and whether before or after it was carried out. */
export type Weather =
  | { status: number; body?: unknown; headers?: Record<string, string>; after?: true }
  /** The connection ends in the midst of the answer; what was asked has been done. */
  | { cut: true }
  /** … or before it came to that. */
  | { lost: true };

export interface RestRequest {
  method: string;
  /** With its query. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  body: string;
}

export interface RestAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What a PagerDuty account knows, and what it does to those who ask. */
export interface Account {
  clock: Pick<Clock, 'now'>;
  host: string;
  services: StandInService[];
  incidents: StandInIncident[];
  subscriptions: StandInSubscription[];
  /** How many were made through the API. */
  made: number;
  /** Of the subscription that is made as this one. */
  newSecret(number: number): string;
  /** Whether one may be made that is not active. */
  honoursInactive: boolean;
  /** Has its ping arrive, signed with its secret. */
  sendPing(subscription: StandInSubscription): void;
  /** Key → what it may do. */
  tokens: Map<string, 'read' | 'full'>;
  apps: { id: string; secret: string; scopes: string[] }[];
  abilities: string[];
  /** Requests a minute and key. */
  rateLimit: number;
  weather(request: RestRequest): Weather | undefined;
  /** Every request that was carried out, as `GET /services?…`. */
  asked: string[];
  /** Of each key, when it asked within the last minute. */
  recent: Map<string, number[]>;
}

export function createAccount(clock: Pick<Clock, 'now'>, given: Partial<Account> = {}): Account {
  return {
    clock,
    host: 'acme.pagerduty.com',
    services: [],
    incidents: [],
    subscriptions: [],
    made: 0,
    newSecret: (number) => `c2VjcmV0LW9m${number}/whsec+told-once==`,
    honoursInactive: true,
    sendPing: () => {},
    tokens: new Map([
      ['read-key', 'read'],
      ['full-key', 'full'],
    ]),
    apps: [],
    abilities: ['teams', 'sso'],
    rateLimit: 960,
    weather: () => undefined,
    asked: [],
    recent: new Map(),
    ...given,
  };
}
