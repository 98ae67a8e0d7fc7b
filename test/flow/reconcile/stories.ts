import {
  envelope,
  type IncidentPicture,
  incidentData,
  incidentReference,
  type SentEvent,
} from '../../simulation/pagerduty/incident-picture.ts';

export const checkout = { id: 'PF9KMXH', name: 'Checkout API', teams: [{ id: 'PFCVPS0', name: 'Payments' }] };
export const search = { id: 'PSEARCH', name: 'Search', teams: [{ id: 'PTSRCH1', name: 'Search team' }] };

/** At a minute, of this type; what it makes of the incident, or what a thin event says besides. */
export type Telling = [
  minute: number,
  type: string,
  more?: ((incident: IncidentPicture) => void) | { type: string; [name: string]: unknown },
];

/** What happens to one incident, in whole minutes from `startMs` on: PagerDuty's log knows no milliseconds. */
export function tell(id: string, startMs: number, tellings: readonly Telling[]): SentEvent[] {
  const [first = 0] = tellings[0] ?? [];
  const incident: IncidentPicture = {
    id,
    number: id.length + first,
    title: `Checkout latency (${id})`,
    status: 'triggered',
    urgency: 'high',
    priority: 'P2',
    createdAt: new Date(startMs + first * 60_000).toISOString().replace('.000', ''),
    reopenedAt: null,
    service: checkout,
    teams: checkout.teams,
    mergedInto: null,
  };
  return tellings.map(([minute, type, more], index) => {
    const at = startMs + minute * 60_000;
    const thin = typeof more === 'object';
    if (typeof more === 'function') more(incident);
    const data = thin
      ? { id: `PTHIN${index}`, incident: incidentReference(incident), ...more }
      : incidentData(incident);
    const eventId = `01${id}${index}`;
    return {
      eventId,
      incidentId: id,
      type: `incident.${type}`,
      occurredAtMs: at,
      body: envelope(eventId, `incident.${type}`, at, data),
    };
  });
}

const to = (status: IncidentPicture['status']) => (incident: IncidentPicture) => {
  incident.status = status;
};
const moved = (incident: IncidentPicture) => {
  incident.service = search;
  incident.teams = search.teams;
};
const merged = (incident: IncidentPicture) => {
  incident.status = 'resolved';
  incident.mergedInto = 'QMOVED';
};
const hour = 60;

/** Two days; the second one from minute 1440 on. Most of it happens between minutes 700 and 1500. */
export const twoDays = (startMs: number): SentEvent[][] =>
  (
    [
      // Opens before the gap, and within it is acknowledged, moved, changed and resolved.
      [
        'QMOVED',
        [
          [10, 'triggered'],
          [710, 'acknowledged', to('acknowledged')],
          [720, 'service_updated', moved],
          [
            730,
            'priority_updated',
            (incident) => {
              incident.priority = 'P1';
            },
          ],
          [800, 'resolved', to('resolved')],
        ],
      ],
      // Opens in the gap, and is resolved after it.
      [
        'QSPANS',
        [
          [750, 'triggered'],
          [760, 'acknowledged', to('acknowledged')],
          [40 * hour, 'resolved', to('resolved')],
        ],
      ],
      // Resolved before; reopened and resolved again within: both lists show it as it was.
      [
        'QTWICE',
        [
          [20, 'triggered'],
          [30, 'resolved', to('resolved')],
          [900, 'reopened', to('triggered')],
          [930, 'resolved', to('resolved')],
        ],
      ],
      // Open before and after, resolved and opened again between.
      [
        'QAGAIN',
        [
          [40, 'triggered'],
          [1000, 'resolved', to('resolved')],
          [1100, 'reopened', to('triggered')],
        ],
      ],
      [
        'QMERGED',
        [
          [715, 'triggered'],
          [790, 'resolved', merged],
        ],
      ],
      // Nothing but what only refers to the incident, and what the lists cannot show.
      [
        'QNOTED',
        [
          [50, 'triggered'],
          [1200, 'annotated', { type: 'incident_note', content: 'Looking into it', trimmed: false }],
          [1210, 'status_update_published', { type: 'incident_status_update', message: 'Still on it' }],
          [1220, 'escalated'],
        ],
      ],
      // Nothing of it is lost.
      [
        'QHEARD',
        [
          [60, 'triggered'],
          [42 * hour, 'acknowledged', to('acknowledged')],
          [43 * hour, 'resolved', to('resolved')],
        ],
      ],
    ] as [string, Telling[]][]
  ).map(([id, tellings]) => tell(id, startMs, tellings));
