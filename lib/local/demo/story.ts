import { cast, type DemoIncident } from './cast.ts';

/** One webhook of the story. */
export interface Send {
  type: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  /** Minutes since the incident began. */
  minute: number;
  /** The same request so many times at once; 1 when absent. */
  copies?: number;
  /** It is the same request as the one before. */
  again?: true;
  /** Signed with a secret that is not the subscription's. */
  forged?: true;
  /** It comes after a later event of its incident has gone out. */
  late?: true;
}

/** A pipeline's report of a deployment, once it is over. */
export interface Deploys {
  service: string;
  version: string;
  /** When it ended, minutes since the incident began. */
  minute: number;
}

export interface Chapter {
  title: string;
  /** What somebody who has never seen the project needs to know to follow. */
  intro: string;
  /** Without one, PagerDuty tests the connection. */
  incident?: DemoIncident;
  sends: (Send | Deploys)[];
  /** Show what every rule said, not only the one that decided. */
  wholeTrace?: true;
  /** Held at first; then somebody says whose the service is. */
  pin?: { service: string };
  /** The version whose deployment the incident is laid to. */
  blames?: string;
}

const triggered: Send = { type: 'incident.triggered', status: 'triggered', minute: 0 };
const acknowledged: Send = { type: 'incident.acknowledged', status: 'acknowledged', minute: 2 };
const resolved: Send = { type: 'incident.resolved', status: 'resolved', minute: 32 };
const ofCheckout = (version: string, minute: number): Deploys => ({
  service: 'checkout-api',
  version,
  minute,
});
const reopened: Send = { type: 'incident.reopened', status: 'triggered', minute: 20 + 36 * 60 };

export const story: Chapter[] = [
  {
    title: 'The connection',
    intro: 'Somebody presses "Send Test Event" in PagerDuty.',
    sends: [],
  },
  {
    title: "Rule 1: the PagerDuty service's URL is in the catalog",
    intro:
      'The catalog writes the URL of checkout-api as /service-directory/PF9KMXH, the webhook as ' +
      '/services/PF9KMXH. It is the same service.',
    incident: cast.checkout,
    sends: [triggered, acknowledged, resolved],
  },
  {
    title: "Rule 2: the PagerDuty service's name is a service of the catalog",
    intro: 'The catalog has no URL for product-search; PagerDuty calls the service "Product-Search".',
    incident: cast.search,
    sends: [triggered, resolved],
    wholeTrace: true,
  },
  {
    title: "Rule 3: one of the incident's PagerDuty teams is a team of the catalog",
    intro: 'Nothing in the catalog is called "Mail relay (old)", but the incident belongs to "Messaging".',
    incident: cast.mail,
    sends: [triggered, resolved],
    wholeTrace: true,
  },
  {
    title: "Rule 4: the PagerDuty service's name is a team of the catalog",
    intro: 'The team "platform" goes by the name "Core Platform" in Backstage.',
    incident: cast.platform,
    sends: [triggered, resolved],
    wholeTrace: true,
  },
  {
    title: 'Nothing matches: held, until somebody says whose it is',
    intro: 'Nobody has ever written the robots into the catalog; the build farm moves them.',
    incident: cast.robots,
    sends: [triggered, acknowledged, resolved],
    wholeTrace: true,
    pin: { service: 'build-farm' },
  },
  {
    title: 'Resolved, quiet for 36 hours, and open again',
    intro: 'The quiet hours are no outage: it took 26 minutes to restore the service, not 36 hours.',
    incident: cast.storefront,
    sends: [triggered, { ...resolved, minute: 20 }, reopened, { ...resolved, minute: reopened.minute + 6 }],
  },
  {
    title: 'The same webhook again, and again',
    intro:
      'PagerDuty delivers at least once. Here a webhook comes twice, and another one 20 times at the ' +
      'same moment. Each is written down once and forwarded once.',
    incident: cast.builds,
    sends: [triggered, { ...triggered, again: true }, { ...resolved, copies: 20 }],
  },
  {
    title: 'Late',
    intro:
      'The acknowledgement comes after the resolve has been forwarded. It goes out marked as late, with ' +
      'the state of now: a receiver that keeps the last state it saw is right.',
    incident: cast.billing,
    sends: [triggered, { ...resolved, minute: 12 }, { ...acknowledged, minute: 4, late: true }],
  },
  {
    title: 'A forged signature',
    intro:
      'The answer is 503 and nothing is kept. A 4xx would be final for PagerDuty, and the usual cause is ' +
      'not an attacker but a secret that was rotated on one side only.',
    incident: cast.forged,
    sends: [{ ...triggered, forged: true }],
  },
  {
    title: 'A deployment breaks something, and a rollback mends it',
    intro:
      "The pipeline reports its deployments to the bridge's DORA API, as it would to Datadog's. The incident " +
      'names none of them; which one caused it is decided by time, and the reason is kept.',
    incident: cast.regression,
    sends: [
      ofCheckout('2.3.0', -75),
      ofCheckout('2.4.0', -6),
      triggered,
      ofCheckout('2.3.0', 24),
      { ...resolved, minute: 26 },
      ofCheckout('2.4.1', 190),
    ],
    blames: '2.4.0',
  },
];
