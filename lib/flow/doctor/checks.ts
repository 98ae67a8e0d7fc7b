import type { Check } from './check.ts';
import { alarms } from './checks/alarms.ts';
import { catalog } from './checks/catalog.ts';
import { clock } from './checks/clock.ts';
import { configuration } from './checks/configuration.ts';
import { destinations } from './checks/destinations.ts';
import { frontDoor } from './checks/front-door.ts';
import { functions } from './checks/functions.ts';
import { held } from './checks/held.ts';
import { lastWebhook } from './checks/last-webhook.ts';
import { missed } from './checks/missed.ts';
import { ping } from './checks/ping.ts';
import { quarantine } from './checks/quarantine.ts';
import { secrets } from './checks/secrets.ts';
import { subscription } from './checks/subscription.ts';
import { tables } from './checks/tables.ts';
import { token } from './checks/token.ts';

/** In the order in which one would look for what is wrong. */
export const checks: readonly Check[] = [
  configuration,
  functions,
  tables,
  secrets,
  token,
  subscription,
  ping,
  frontDoor,
  lastWebhook,
  missed,
  destinations,
  held,
  quarantine,
  catalog,
  alarms,
  clock,
];
